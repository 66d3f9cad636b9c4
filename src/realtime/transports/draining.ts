import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Connections } from '../connections.js';

/** How often it is looked whether connections are gone, in ms. */
const lookEvery = 20;
/** How long what was accepted at the last moment may take to be asked and answered, in ms. */
const lastMoment = 1_000;

/** The last stretch of a node's life: what comes is sent elsewhere, who is here is asked to go, and everything under way goes on working. */
@Injectable()
export class Draining implements OnApplicationBootstrap {
  /** Of a proxy, counted only where there is one. */
  private readonly open = new Set<Socket>();

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly connections: Connections,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'trustProxy'>,
  ) {}

  onApplicationBootstrap(): void {
    if (this.settings.trustProxy === false) return;
    this.server.on('connection', (socket: Socket) => {
      this.open.add(socket);
      socket.once('close', () => this.open.delete(socket));
    });
  }

  /**
   * Refuses new sockets with 503, ends every HTTP connection with its next answer, and closes the sockets with 1012, spread evenly so that they
   * do not all come to the other nodes at once: 5 ms each, but not more than `mostMs` together. Resolves when the last one was told and the
   * connections that a proxy keeps were used up, or after `mostMs`: one that is closed while it is silent may meet a request on its way, and a
   * proxy does not ask again elsewhere what it has sent. Then nothing is accepted any more, and what was accepted is answered.
   */
  async drain(mostMs: number): Promise<void> {
    const deadline = performance.now() + mostMs;
    this.server.prependListener('request', endConnection);
    const kept = [...this.open];
    await this.connections.drainOver(mostMs);
    while (kept.some(({ destroyed }) => !destroyed) && performance.now() < deadline) await sleep(lookEvery);
    if (this.settings.trustProxy !== false) await this.closeTheDoor();
  }

  /** HTTP's own close would cut a connection on which the first request has not come yet. */
  private async closeTheDoor(): Promise<void> {
    // Right after whoever waited was accepted.
    await new Promise((resolve) => setImmediate(resolve));
    NetServer.prototype.close.call(this.server);
    const end = performance.now() + lastMoment;
    while (this.open.size > 0 && performance.now() < end) await sleep(lookEvery);
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
