import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '../../../src/contracts/index.js';
import { RestClient } from '../../support/rest-client.js';
import { type Door, type End, type Link, openLink } from './link.js';
import type { Row } from './truth.js';

/** What must all be 0 in the end. */
export interface Counts {
  /** Acknowledged and not stored as acknowledged, or stored and not known to a reader that is at the head. */
  LOST: number;
  /** Stored twice under one client id, or given twice to a reader on one connection. */
  DUP: number;
  /** Known to a reader and not stored. */
  GHOST: number;
  /** Numbers that are no row without holes, or that a reader got out of order. */
  REORDER: number;
  /** Readers that are not at the head after the patience. */
  STUCK: number;
}

/** What was going on, for the report; none of it has to be anything. */
export interface Traffic {
  stored: number;
  readers: number;
  reconnects: number;
  gaps: number;
}

export const nothingWrong: Counts = { LOST: 0, DUP: 0, GHOST: 0, REORDER: 0, STUCK: 0 };

/** Only a broken system takes so long to bring a reader to the head, in ms. */
const patience = 100_000;

/** Where a client connects next: any node, one after the other. */
export type Addresses = () => string;

export interface Account {
  access: string;
}

/** What a writer sends under an id. */
export function contentOf(clientId: string): string {
  return `of ${clientId}`;
}

/** Sends one message after the other, each until it is acknowledged, under the same client id. */
export class Writer {
  readonly acknowledged = new Map<string, { id: string; seq: number }>();
  /** Answers that no client expects: anything but yes, "come back" and a lost connection. */
  readonly refusals: string[] = [];
  /** Of each acknowledged message: from the first attempt to the acknowledgement, in ms. */
  readonly took: number[] = [];
  /** Attempts that were answered with "come back", or not at all. */
  failures = 0;
  private readonly stopping = new AbortController();
  private readonly working: Promise<void>;
  private link: Link | null = null;

  constructor(
    private readonly name: string,
    private readonly account: Account,
    private readonly addresses: Addresses,
    private readonly door: Door | 'rest',
    private readonly roomId: string,
    /** Between an acknowledgement and the next send, in ms. */
    private readonly pauseMs = 0,
  ) {
    this.working = this.work();
  }

  /** Ends after the message that is under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.working;
    this.link?.cut();
  }

  private async work(): Promise<void> {
    for (let count = 0; !this.stopping.signal.aborted; count++) {
      const begun = performance.now();
      await this.send(`${this.name}:${count}`);
      this.took.push(performance.now() - begun);
      await sleep(this.pauseMs);
    }
  }

  private async send(clientId: string): Promise<void> {
    for (;;) {
      try {
        const message = await this.attempt(clientId);
        if (message) {
          this.acknowledged.set(clientId, { id: message.id, seq: message.seq });
          return;
        }
      } catch {
        this.link?.cut();
        this.link = null;
      }
      this.failures++;
      await sleep(20 + Math.random() * 80);
    }
  }

  private async attempt(clientId: string): Promise<Message | null> {
    const body = { content: contentOf(clientId), clientId };
    if (this.door === 'rest') {
      const rest = new RestClient(this.addresses(), this.account.access);
      const answer = await rest.post(`/rooms/${this.roomId}/messages`, body);
      if (answer.status === 201) return answer.body.message as Message;
      // Whoever is told to come back is told when; 502 and 504 are a proxy's.
      if (answer.status === 503 && !answer.headers.has('retry-after')) this.refusals.push('503 without Retry-After');
      if (![429, 502, 503, 504].includes(answer.status)) this.refusals.push(`${answer.status} ${answer.body?.code as string}`);
      return null;
    }
    this.link ??= await openLink(this.door, this.addresses(), this.account.access);
    const answer = await this.link.command('message.send', { room: this.roomId, ...body });
    if (answer.ok) return (answer.data as { message: Message }).message;
    if (!['rate.limited', 'server.busy', 'server.unavailable', 'server.restarting'].includes(answer.error.code))
      this.refusals.push(answer.error.code);
    return null;
  }
}

interface Joined {
  position: number;
  epoch: string;
  gap: boolean;
  messages?: Message[];
  changes?: Message[];
}

/** Follows a room, comes back after every cut with the position it has, and remembers what it was told. */
export class Reader {
  readonly known = new Map<string, Message>();
  position = 0;
  reconnects = -1;
  gaps = 0;
  doubles = 0;
  disorder = 0;
  /** Each entry of the room: what it asked for and what it got. For the words about a count that is not 0. */
  readonly entries: string[] = [];
  private epoch: string | undefined;
  private highest = 0;
  private link: Link | null = null;
  private stopped = false;
  /** Half-open: the server does not know yet that they are forgotten. */
  private readonly frozen: Link[] = [];
  private readonly working: Promise<void>;

  constructor(
    private readonly account: Account,
    private readonly addresses: Addresses,
    readonly door: Door,
    private readonly roomId: string,
  ) {
    this.working = this.work();
  }

  /** Ends the connection, if there is one. */
  cut(how: End = 'cut'): void {
    if (!this.link) return;
    if (how === 'freeze') this.frozen.push(this.link);
    this.link.end(how);
  }

  get isConnected(): boolean {
    return this.link?.isOpen ?? false;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.link?.cut();
    await this.working;
    for (const link of this.frozen) link.cut();
  }

  private async work(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.follow();
      } catch {
        await sleep(20 + Math.random() * 200);
      }
    }
  }

  /** One connection, until it is gone. */
  private async follow(): Promise<void> {
    const seen = new Set<string>();
    const early: Message[] = [];
    let isIn = false;
    const link = await openLink(this.door, this.addresses(), this.account.access, (_event, data) => {
      const { room, message } = (data ?? {}) as { room?: string; message?: Message };
      if (room !== this.roomId || !message) return;
      const place = `${message.id} ${message.position}`;
      if (seen.has(place)) this.doubles++;
      seen.add(place);
      if (isIn) this.take(message);
      else early.push(message);
    });
    try {
      const since = this.epoch === undefined ? {} : { since: this.position, epoch: this.epoch };
      const answer = await link.command('room.join', { room: this.roomId, ...since });
      if (!answer.ok) throw new Error(answer.error.code);
      this.link = link;
      this.reconnects++;
      const joined = answer.data as Joined;
      if (joined.gap || this.epoch === undefined) await this.readAnew(joined);
      else for (const message of joined.changes ?? []) this.take(message);
      const changes = joined.changes?.map(({ position }) => position) ?? [];
      this.entries.push(
        `since ${since.since ?? 'nothing'} → ${joined.position}, ${changes.join(' ')}, early ${early.map(({ position }) => position).join(' ')}`,
      );
      this.epoch = joined.epoch;
      this.position = Math.max(this.position, joined.position);
      isIn = true;
      for (const message of early) this.take(message);
      if (this.stopped) link.cut();
      await link.gone;
    } finally {
      if (!this.frozen.includes(link)) link.cut();
      this.link = null;
    }
  }

  /** The whole history, as somebody who knows nothing of it. */
  private async readAnew(joined: Joined): Promise<void> {
    this.known.clear();
    this.highest = 0;
    this.position = 0;
    const last = joined.messages?.at(-1)?.seq ?? 0;
    for (let after: number | null = 0; after !== null && after < last;) {
      const rest = new RestClient(this.addresses(), this.account.access);
      const { body, status } = await rest.get(`/rooms/${this.roomId}/messages?limit=100&after=${after}`);
      if (status !== 200) throw new Error(String(status));
      for (const message of body.items as Message[]) if (message.position <= joined.position) this.take(message);
      after = body.nextAfter as number | null;
    }
    if (this.epoch !== undefined) this.gaps++;
  }

  private take(message: Message): void {
    if (message.position <= (this.known.get(message.id)?.position ?? 0)) return;
    if (!this.known.has(message.id)) {
      if (message.seq <= this.highest) this.disorder++;
      this.highest = Math.max(this.highest, message.seq);
    }
    this.known.set(message.id, message);
    this.position = Math.max(this.position, message.position);
  }
}

/**
 * Lets everything come to rest and compares what writers and readers know with the truth. The writers have to be stopped.
 * @param stored asks for everything that is stored in their room
 * @param readers of the same room
 */
export async function compare(
  stored: () => Promise<Row[]>,
  writers: readonly Writer[],
  readers: readonly Reader[],
): Promise<{ counts: Counts; traffic: Traffic; details: string[] }> {
  const details: string[] = [];
  const rows = await stored();
  const head = rows.reduce((highest, row) => Math.max(highest, row.position), 0);
  const deadline = performance.now() + patience;
  while (readers.some((reader) => reader.position < head) && performance.now() < deadline) await sleep(50);
  const counts = { ...nothingWrong };
  const byClientId = new Map(rows.map((row) => [row.clientId, row]));
  const ids = new Set(rows.map(({ id }) => id));
  counts.DUP += rows.length - byClientId.size;
  rows.forEach(({ seq }, index) => {
    if (seq !== index + 1) counts.REORDER++;
  });
  for (const { acknowledged } of writers) {
    for (const [clientId, { id, seq }] of acknowledged) {
      const row = byClientId.get(clientId);
      if (row?.id !== id || row.seq !== seq || row.content !== contentOf(clientId)) {
        counts.LOST++;
        details.push(`acknowledged ${clientId} as ${id} ${seq}, stored ${JSON.stringify(row)}`);
      }
    }
  }
  for (const reader of readers) {
    counts.DUP += reader.doubles;
    counts.REORDER += reader.disorder;
    if (reader.position < head) counts.STUCK++;
    const missing = rows.filter(({ id, position }) => position <= reader.position && !reader.known.has(id)).map(({ position }) => position);
    counts.LOST += missing.length;
    const ghosts = [...reader.known.keys()].filter((id) => !ids.has(id)).length;
    counts.GHOST += ghosts;
    if (reader.doubles + reader.disorder + ghosts + missing.length > 0 || reader.position < head) {
      const faults = `missing ${missing.slice(0, 20).join(' ')}, doubles ${reader.doubles}, disorder ${reader.disorder}, ghosts ${ghosts}`;
      details.push(
        `reader (${reader.door}) at ${reader.position} of ${head}: ${faults}; entries: ${reader.entries.slice(-12).join(' | ')}`,
      );
    }
  }
  const traffic = {
    stored: rows.length,
    readers: readers.length,
    reconnects: readers.reduce((sum, { reconnects }) => sum + reconnects, 0),
    gaps: readers.reduce((sum, { gaps }) => sum + gaps, 0),
  };
  return { counts, traffic, details };
}
