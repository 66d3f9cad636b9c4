import { Injectable } from '@nestjs/common';
import type { Connection } from './connection.js';
import { Ports } from './ports.js';

const nobody: ReadonlySet<string> = new Set();

/** Who must not learn of whom: of two people one of whom blocks the other, neither sees the other come, go, type or read. From memory. */
@Injectable()
export class Sight {
  constructor(private readonly ports: Ports) {}

  /** Whether a reader must not learn of a person, for many people one after the other. */
  hiddenFrom({ blocks, principal }: Connection): (personId: string) => boolean {
    const readerId = principal.kind === 'person' ? principal.userId : null;
    return (personId) =>
      blocks?.has(personId) === true || (readerId !== null && this.ports.blocks.blockedBy(personId)?.has(readerId) === true);
  }

  /** Of some people those whom a reader must not learn of. What can be asked once for all readers is asked here. */
  hiding(personIds: readonly string[]): (reader: Connection) => ReadonlySet<string> {
    const hiders = personIds.flatMap((id) => {
      const blocks = this.ports.blocks.blockedBy(id);
      return blocks ? [{ id, blocks }] : [];
    });
    return ({ blocks, principal }) => {
      if (blocks === undefined && hiders.length === 0) return nobody;
      const hidden = new Set(blocks ? personIds.filter((id) => blocks.has(id)) : []);
      if (principal.kind === 'person') for (const hider of hiders) if (hider.blocks.has(principal.userId)) hidden.add(hider.id);
      return hidden;
    };
  }
}
