import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type CommandData, type CommandName, type CommandReply, commands } from '../contracts/index.js';
import type { Principal } from '../common/principal.js';
import type { Connection } from './connection.js';

/** What a command's handler answers; `after` runs when the acknowledgement was handed to the socket (live frames may follow then). */
export interface CommandResult<C extends CommandName> {
  data: CommandReply<C>;
  after?: () => void;
}

/** Who may send the command stands in its contract: with access `user` the principal is a person. */
export type CommandHandler<C extends CommandName> = (
  context: { connection: Connection; principal: Principal },
  data: CommandData<C>,
) => Promise<CommandResult<C>>;

/** Who waits for the answer of a command. One of the two is called, once. */
export interface Answer<C extends CommandName> {
  /** @param json the data as JSON, where it is made already */
  done(data: CommandReply<C>, json?: string): void;
  failed(thrown: unknown): void;
}

/**
 * Handles a command of the hot path, without a promise: answers through `answer` when it is done, or throws, before it has called it.
 * Everything else is better off with a `CommandHandler`.
 */
export type DirectHandler<C extends CommandName> = (
  context: { connection: Connection; principal: Principal },
  data: CommandData<C>,
  answer: Answer<C>,
) => void;

/** How a command is handled: one of the two. */
export type Handling = { name: CommandName } & (
  { handler: CommandHandler<CommandName>; direct: null } | { handler: null; direct: DirectHandler<CommandName> }
);

/** Which feature handles which command. Features register themselves; the start fails when a command of the contract has no handler. */
@Injectable()
export class CommandRegistry implements OnApplicationBootstrap {
  private readonly handlers = new Map<string, Handling>();

  /** @throws Error when the command has a handler already */
  register<C extends CommandName>(name: C, handler: CommandHandler<C>): void {
    this.add({ name, handler, direct: null });
  }

  /** As `register`, for a command of the hot path. @throws Error when the command has a handler already */
  registerDirect<C extends CommandName>(name: C, handler: DirectHandler<C>): void {
    this.add({ name, handler: null, direct: handler });
  }

  find(name: string): Handling | null {
    return this.handlers.get(name) ?? null;
  }

  private add(handling: Handling): void {
    if (this.handlers.has(handling.name)) throw new Error(`The command ${handling.name} has two handlers.`);
    this.handlers.set(handling.name, handling);
  }

  onApplicationBootstrap(): void {
    const missing = Object.keys(commands).filter((name) => !this.handlers.has(name as CommandName));
    if (missing.length > 0) throw new Error(`These commands of the contract have no handler: ${missing.join(', ')}`);
  }
}
