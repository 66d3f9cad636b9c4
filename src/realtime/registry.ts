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

/** Which feature handles which command. Features register themselves; the start fails when a command of the contract has no handler. */
@Injectable()
export class CommandRegistry implements OnApplicationBootstrap {
  private readonly handlers = new Map<CommandName, CommandHandler<CommandName>>();

  /** @throws Error when the command has a handler already */
  register<C extends CommandName>(name: C, handler: CommandHandler<C>): void {
    if (this.handlers.has(name)) throw new Error(`The command ${name} has two handlers.`);
    this.handlers.set(name, handler);
  }

  find(name: string): { name: CommandName; handler: CommandHandler<CommandName> } | null {
    const handler = this.handlers.get(name as CommandName);
    return handler ? { name: name as CommandName, handler } : null;
  }

  onApplicationBootstrap(): void {
    const missing = Object.keys(commands).filter((name) => !this.handlers.has(name as CommandName));
    if (missing.length > 0) throw new Error(`These commands of the contract have no handler: ${missing.join(', ')}`);
  }
}
