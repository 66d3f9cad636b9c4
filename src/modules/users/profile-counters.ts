import { Injectable } from '@nestjs/common';

/** What a person's page counts beside friends. */
export type ProfileCounter = 'posts' | 'albums';

/** How many things of a person a reader may see: one indexed query at most. */
export type ProfileCounterReader = (ownerId: string, readerId: string) => Promise<number>;

/** Features above the people say here what a person's page counts. */
@Injectable()
export class ProfileCounters {
  private readonly readers = new Map<ProfileCounter, ProfileCounterReader>();

  /** @throws Error for a counter that has its reader already */
  register(counter: ProfileCounter, reader: ProfileCounterReader): void {
    if (this.readers.has(counter)) throw new Error(`The profile counter ${counter} is registered already.`);
    this.readers.set(counter, reader);
  }

  /** The number; 0 where no feature counts that. */
  async read(counter: ProfileCounter, ownerId: string, readerId: string): Promise<number> {
    return (await this.readers.get(counter)?.(ownerId, readerId)) ?? 0;
  }
}
