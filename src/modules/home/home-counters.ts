import { Injectable } from '@nestjs/common';

/** Counters of the first page that features above it know. */
export type RegisteredCounter = 'notifications';

/** How a counter is read for one person: one indexed query at most. */
export type CounterReader = (userId: string) => Promise<number>;

/** Features that nobody imports say here what they count. */
@Injectable()
export class HomeCounters {
  private readonly readers = new Map<RegisteredCounter, CounterReader>();

  /** @throws Error for a counter that has its reader already */
  register(counter: RegisteredCounter, reader: CounterReader): void {
    if (this.readers.has(counter)) throw new Error(`The counter ${counter} is registered already.`);
    this.readers.set(counter, reader);
  }

  /** The number; 0 where no feature counts that. */
  async read(counter: RegisteredCounter, userId: string): Promise<number> {
    return (await this.readers.get(counter)?.(userId)) ?? 0;
  }
}
