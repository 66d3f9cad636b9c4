import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UserDirectory } from '../users/index.js';
import { BlocksRepository } from './blocks.repository.js';
import { FriendsRepository } from './friends.repository.js';
import { type BlocksBetween, requireReach } from './friends.policy.js';

/**
 * Who blocks whom, from memory: it comes with a person's card, so whoever is signed in is known without another query. What changed is
 * announced as `person.blocks-changed`.
 */
@Injectable()
export class BlockDirectory {
  constructor(
    private readonly users: UserDirectory,
    private readonly repository: BlocksRepository,
    private readonly friends: FriendsRepository,
  ) {}

  /** Whom a person blocks, right away; undefined: nobody, or the person was not loaded yet (everybody who is online was). */
  blockedBy(userId: string): ReadonlySet<string> | undefined {
    return this.users.card(userId)?.blocks;
  }

  /** Whom a person blocks. */
  async load(userId: string): Promise<ReadonlySet<string> | undefined> {
    return (await this.users.load(userId))?.blocks;
  }

  /** Who of two people blocks the other. */
  async between(a: string, b: string): Promise<BlocksBetween> {
    return this.betweenNow(a, b) ?? relationOf(await this.load(a), b, await this.load(b), a);
  }

  /** As `between`, from memory alone; undefined: memory does not know both. */
  betweenNow(a: string, b: string): BlocksBetween | undefined {
    const [one, other] = [this.users.card(a), this.users.card(b)];
    return one && other ? relationOf(one.blocks, b, other.blocks, a) : undefined;
  }

  /** @throws AppError `user.blocked`, `user.unavailable` when one of the two blocks the other */
  async requireReach(fromId: string, toId: string): Promise<void> {
    requireReach(await this.between(fromId, toId));
  }

  /** As `between`, from the database: what was committed until now counts, whatever memory knows. */
  async betweenAnew(a: string, b: string): Promise<BlocksBetween> {
    const people = await this.users.loadAnew([a, b]);
    return relationOf(people.get(a)?.blocks, b, people.get(b)?.blocks, a);
  }

  /** As `requireReach`, decided by the database; neither blocks the other until the transaction ends. */
  async lockReach(manager: EntityManager, fromId: string, toId: string): Promise<void> {
    await this.friends.lockPair(manager, fromId, toId);
    requireReach(await this.repository.between(manager, fromId, toId));
  }

  /** What was committed a moment ago. */
  noted(blockerId: string, blockedId: string, isBlocked: boolean): void {
    this.users.noteBlock(blockerId, blockedId, isBlocked);
  }
}

function relationOf(ofA: ReadonlySet<string> | undefined, b: string, ofB: ReadonlySet<string> | undefined, a: string): BlocksBetween {
  const aBlocks = ofA?.has(b) ?? false;
  const bBlocks = ofB?.has(a) ?? false;
  if (aBlocks) return bBlocks ? 'both' : 'a-blocks';
  return bBlocks ? 'b-blocks' : 'none';
}
