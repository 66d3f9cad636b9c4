import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Connections } from '../connections.js';

/** The last stretch of a node's life: what comes is sent elsewhere, who is here is asked to go, and everything under way goes on working. */
@Injectable()
export class Draining {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly connections: Connections,
  ) {}

  /**
   * Refuses new sockets with 503, ends every HTTP connection with its next answer, and closes the sockets with 1012, spread evenly so that they
   * do not all come to the other nodes at once: 5 ms each, but not more than `mostMs` together. Resolves when the last one was told.
   */
  async drain(mostMs: number): Promise<void> {
    this.server.prependListener('request', endConnection);
    await this.connections.drainOver(mostMs);
  }

  /** Cuts the requests that are still under way. */
  cutRequests(): void {
    this.server.closeAllConnections();
  }

  private get server(): Server {
    return this.adapterHost.httpAdapter.getHttpServer() as Server;
  }
}

/** A proxy keeps connections for later requests: told with an answer that there will be none, it sends nothing into a closing door. */
function endConnection(_request: IncomingMessage, response: ServerResponse): void {
  response.shouldKeepAlive = false;
}
