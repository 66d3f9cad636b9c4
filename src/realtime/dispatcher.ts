import { Injectable, Logger } from '@nestjs/common';
import { AppError } from '../common/app-error.js';
import { parseInput } from '../common/parse.js';
import { toAppError } from '../platform/http/to-app-error.js';
import { commands, type Acknowledgement, closeCodes, type Command, type CommandData, type CommandName } from '../contracts/index.js';
import { type Connection, connectionFields } from './connection.js';
import { CommandLimits } from './command-limits.js';
import { type Answer, CommandRegistry } from './registry.js';

/** A command's acknowledgement, and what must run right after it was handed to the socket. */
export interface DispatchResult {
  acknowledgement: Acknowledgement;
  /** The data of an acknowledgement that says yes, as JSON, where it is made already. */
  json?: string | undefined;
  after?: (() => void) | undefined;
}

/** Whoever brought a command in: handed the result, once. */
export interface CommandSender {
  answered(result: DispatchResult): void;
}

/** The one way in for socket commands, the same for every transport: find, limit, authorise, parse, handle, reply. */
@Injectable()
export class Dispatcher {
  private readonly logger = new Logger('realtime');
  /** Counted for whoever watches: commands by how they ended. */
  readonly counts = { done: 0, refused: 0, failed: 0 };

  constructor(
    private readonly registry: CommandRegistry,
    private readonly limits: CommandLimits,
  ) {}

  /**
   * Runs one command and hands its result to `sender`, perhaps before it returns. Never throws: every fault is in the acknowledgement.
   * Between the call and the handler nothing waits, so that commands of one socket reach their handlers in the order in which they came.
   */
  run(connection: Connection, name: string, data: unknown, sender: CommandSender): void {
    const pending = new Pending(this, connection, name, sender);
    try {
      const found = this.registry.find(name);
      this.limits.check(connection, found?.name);
      if (!found) throw new AppError('command.unknown');
      const contract: Command = commands[found.name];
      const { principal } = connection;
      if (contract.access === 'user' && principal.kind !== 'person') throw new AppError('guest.read-only');
      const input = (contract.isPlain?.(data) ? data : parseInput(contract.data, data)) as CommandData<CommandName>;
      if (found.direct) found.direct({ connection, principal }, input, pending);
      else {
        found.handler({ connection, principal }, input).then(
          (result) => pending.done(result.data, undefined, result.after),
          (error: unknown) => pending.failed(error),
        );
      }
    } catch (thrown) {
      pending.failed(thrown);
    }
  }

  /** As `run`, for those who like to wait. Never rejects. */
  async dispatch(connection: Connection, name: string, data: unknown): Promise<DispatchResult> {
    return new Promise((answered) => this.run(connection, name, data, { answered }));
  }

  /** A fault as its sender is told; ours are logged. */
  refusal(connection: Connection, command: string, thrown: unknown): Acknowledgement {
    const error = toAppError(thrown);
    if (error.status < 500) this.counts.refused++;
    else this.counts.failed++;
    if (error.status >= 500 && error.code !== 'server.busy')
      this.logger.error(
        { ...connectionFields(connection), command: command.slice(0, 64), code: error.code, error: thrown },
        'command failed',
      );
    return { ok: false, error: error.toSocketError() };
  }
}

/** A command under way. Its answer cannot fail anybody else: a socket that cannot be answered is closed. */
class Pending implements Answer<CommandName> {
  private isOver = false;

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly connection: Connection,
    private readonly command: string,
    private readonly sender: CommandSender,
  ) {}

  done(data: unknown, json?: string, after?: () => void): void {
    this.dispatcher.counts.done++;
    this.settle({ acknowledgement: { ok: true, data }, json, after });
  }

  failed(thrown: unknown): void {
    this.settle({ acknowledgement: this.dispatcher.refusal(this.connection, this.command, thrown), json: undefined, after: undefined });
  }

  private settle(result: DispatchResult): void {
    if (this.isOver) return;
    this.isOver = true;
    try {
      this.sender.answered(result);
    } catch {
      this.connection.close(closeCodes.restarting, 'server.internal');
    }
  }
}
