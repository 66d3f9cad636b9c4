import { availableParallelism } from 'node:os';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, type Options, parseOptions, verify } from '@node-rs/argon2';
import { AppError } from '../../../common/app-error.js';
import { newToken } from '../../../common/keys.js';
import { Gate } from '../../../common/gate.js';

// argon2id (the library's default; its enum exists for the compiler alone), OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
const policy = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const satisfies Options;
const argon2id = 2;

/** About four seconds of work on two cores: who would wait longer is better told to come back. */
const queueLimit = 400;

/** The hash that is stored of a password. */
export async function hashPassword(password: string): Promise<string> {
  return hash(canonical(password), policy);
}

/** Hashes and checks passwords, a core's worth at a time, so that a storm of log-ins leaves the event loop and the memory alone. */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private readonly gate = new Gate(availableParallelism(), queueLimit, () => new AppError('server.busy', { retryAfter: 2 }));
  private decoy: Promise<string> | undefined;

  /** @throws AppError `server.busy` */
  async hash(password: string): Promise<string> {
    return this.gate.run(async () => hashPassword(password));
  }

  /** @throws AppError `server.busy` */
  async verify(passwordHash: string, password: string): Promise<boolean> {
    return this.gate.run(async () => verify(passwordHash, canonical(password)));
  }

  /** Takes as long as `verify` and is never right: for accounts that do not exist. */
  async verifyNobody(password: string): Promise<false> {
    this.decoy ??= this.hash(newToken());
    await this.verify(await this.decoy, password);
    return false;
  }

  /** Makes the first `verifyNobody` as quick as all others. */
  async onModuleInit(): Promise<void> {
    await this.verifyNobody('');
  }

  /** Whether a hash was made under other parameters than today's. */
  isOutdated(passwordHash: string): boolean {
    const made = parseOptions(passwordHash);
    return (
      (made.algorithm as number) !== argon2id ||
      made.memoryCost !== policy.memoryCost ||
      made.timeCost !== policy.timeCost ||
      made.parallelism !== policy.parallelism ||
      made.outputLen !== policy.outputLen
    );
  }
}

/** The same password, whichever way a keyboard composes its letters (NFC); nothing is cut or trimmed. */
function canonical(password: string): string {
  return password.normalize('NFC');
}
