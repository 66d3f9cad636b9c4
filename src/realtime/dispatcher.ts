import { Injectable, Logger } from '@nestjs/common';
import { AppError } from '../common/app-error.js';
import { parseInput } from '../common/parse.js';
import { toAppError } from '../platform/http/to-app-error.js';
import { commands, type Acknowledgement } from '../contracts/index.js';
import type { Connection } from './connection.js';
import { CommandLimits } from './command-limits.js';
import { CommandRegistry } from './registry.js';

/** A command's acknowledgement, and what must run right after it was handed to the socket. */
export interface DispatchResult {
  acknowledgement: Acknowledgement;
  after?: () => void;
}

/** The one way in for socket commands, the same for every transport: find, limit, authorise, parse, handle, reply. */
@Injectable()
export class Dispatcher {
  private readonly logger = new Logger('realtime');

  constructor(
    private readonly registry: CommandRegistry,
    private readonly limits: CommandLimits,
  ) {}

  /**
   * Runs one command. Never rejects: every fault is in the acknowledgement. Between the call and the handler nothing waits, so that
   * commands of one socket reach their handlers in the order in which they came.
   */
  async dispatch(connection: Connection, name: string, data: unknown): Promise<DispatchResult> {
    try {
      const found = this.registry.find(name);
      this.limits.check(connection, found?.name);
      if (!found) throw new AppError('command.unknown');
      const contract = commands[found.name];
      const { principal } = connection;
      if (contract.access === 'user' && principal.kind !== 'person') throw new AppError('guest.read-only');
      const result = await found.handler({ connection, principal }, parseInput(contract.data, data));
      return { acknowledgement: { ok: true, data: result.data }, ...(result.after ? { after: result.after } : {}) };
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.status >= 500 && error.code !== 'server.busy')
        this.logger.error({ command: name.slice(0, 64), code: error.code, error: thrown }, 'command failed');
      return { acknowledgement: { ok: false, error: error.toSocketError() } };
    }
  }
}
