import { Injectable } from '@nestjs/common';
import type { Principal } from '../../common/principal.js';
import type { FileRow } from './files.repository.js';

/** What a rule is told of a file. */
export interface AttachedFile {
  id: string;
  ownerId: string | null;
}

/** Whether somebody may see what a file belongs to, and so the file. */
export type FileRule = (principal: Principal, attachedId: string, file: AttachedFile) => Promise<boolean>;

export interface FileRuleOptions {
  /**
   * Everybody may read it, also from pages of other origins, and browsers may keep it for this many seconds without asking: for pictures
   * that stand beside every name.
   */
  openFor?: number;
}

/** Who may read files: each feature says it for what its files belong to. A file that belongs to nothing is its owner's alone. */
@Injectable()
export class FileAccess {
  private readonly rules = new Map<string, { rule: FileRule; options: FileRuleOptions }>();

  /**
   * @param kind of what files are attached to, as `FilesService.attach` is told; 16 characters at most
   * @throws Error for a kind that has its rule already
   */
  register(kind: string, rule: FileRule, options: FileRuleOptions = {}): void {
    if (this.rules.has(kind)) throw new Error(`Files of the kind ${kind} have their rule already.`);
    this.rules.set(kind, { rule, options });
  }

  async mayRead(principal: Principal, file: FileRow): Promise<boolean> {
    if (file.attached_kind === null || file.attached_id === null) return principal.kind === 'person' && principal.userId === file.owner_id;
    const known = this.rules.get(file.attached_kind);
    return known !== undefined && known.rule(principal, file.attached_id, { id: file.id, ownerId: file.owner_id });
  }

  /** Seconds that a browser may keep the file without asking again; 0: it asks every time, so that what is taken back is gone. */
  openFor(file: FileRow): number {
    return (file.attached_kind !== null && this.rules.get(file.attached_kind)?.options.openFor) || 0;
  }
}
