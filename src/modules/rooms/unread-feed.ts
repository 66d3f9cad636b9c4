import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { InternalEvents } from '../../platform/events/index.js';
import { BROKER, type Broker, Publisher, type RoomPush } from '../../realtime/index.js';
import { Arrival, pairOf, raise } from './unread-arrival.js';
import { type MentionsRow, type StandingRow, UnreadRepository } from './unread.repository.js';

/** A person hears of a room at most this often, in ms. */
const tellEvery = 1_000;
/** People who come online together are looked up together, in ms. */
const gatherFor = 100;
/** Look-ups under way at once; who comes meanwhile is gathered for the next. Two, so that one that hangs holds nobody up. */
const mostLoads = 2;
/** Events of one round; more wait for the next, gathered by person and room, so that big rooms cannot flood a node. */
const mostPerRound = 2_000;

interface Standing {
  readSeq: number;
  mentions: number;
  /** What was told last; −1: nothing yet. */
  toldUnread: number;
  toldMentions: number;
}

interface RoomState {
  /** The rooms are numbered as they come. */
  number: number;
  lastSeq: number;
  people: Map<string, Standing>;
}

/**
 * Unread counts for the people who are online here: `lastSeq − readSeq`, by arithmetic on counters that are kept in memory and read from the
 * database once when somebody comes online. Told to all of a person's sockets, gathered.
 */
@Injectable()
export class UnreadFeed implements OnApplicationShutdown {
  private readonly rooms = new Map<string, RoomState>();
  private readonly roomsOf = new Map<string, Set<string>>();
  /** Gathered for the next look-up. */
  private waiting: Arrival | null = null;
  /** Waiting or being looked up. */
  private readonly arrivals = new Set<Arrival>();
  /** Rooms where somebody may have to be told, in the order in which they became due. Who, is looked at once per round. */
  private readonly due = new Set<string>();
  private readonly recount = new Set<string>();
  /** Rooms whose mentions the database is counting right now. */
  private counting: ReadonlySet<string> = new Set();
  private gathering: NodeJS.Timeout | null = null;
  private loads = 0;
  private roomsSoFar = 0;
  private readonly rounds: NodeJS.Timeout;
  private busy = false;
  private isOver = false;
  private readonly logger = new Logger('rooms');

  constructor(
    private readonly repository: UnreadRepository,
    private readonly publisher: Publisher,
    @Inject(BROKER) private readonly broker: Broker,
    events: InternalEvents,
  ) {
    broker.onPush((push) => this.pushed(push));
    broker.onHealed(() => {
      for (const userId of this.roomsOf.keys()) this.arrive(userId);
    });
    events.on('person.online', ({ userId }) => this.arrive(userId));
    events.on('person.offline', ({ userId }) => this.forget(userId));
    events.on('room.member-joined', ({ userId }) => {
      if (this.roomsOf.has(userId)) this.arrive(userId);
    });
    events.on('room.member-left', ({ roomId, userId }) => this.drop(roomId, userId));
    events.on('room.deleted', ({ roomId }) => this.dropRoom(roomId));
    // Mentions by people who are blocked are gone.
    events.on('person.blocks-changed', ({ userId }) => {
      for (const roomId of this.roomsOf.get(userId) ?? []) this.recount.add(roomId);
    });
    events.on('room.rights-changed', ({ roomId, userIds }) => this.lookAgain(roomId, userIds));
    events.on('room.read', ({ roomId, userId, seq }) => this.read(roomId, userId, seq));
    this.rounds = setInterval(() => {
      this.round().catch((error: unknown) => this.logger.warn({ error }, 'unread counts were not told'));
    }, tellEvery).unref();
  }

  onApplicationShutdown(): void {
    this.isOver = true;
    clearInterval(this.rounds);
    if (this.gathering) clearTimeout(this.gathering);
  }

  private pushed({ roomId, changes, mentions }: RoomPush): void {
    const room = this.rooms.get(roomId);
    if (!room && this.arrivals.size === 0) return;
    for (const { isNew, message } of changes) {
      if (!isNew) continue;
      for (const arrival of this.arrivals) {
        raise(arrival.lastSeqs, roomId, message.seq);
        if (message.author && arrival.people.has(message.author.id))
          raise(arrival.readSeqs, pairOf(roomId, message.author.id), message.seq);
      }
      if (!room) continue;
      room.lastSeq = Math.max(room.lastSeq, message.seq);
      const author = message.author && room.people.get(message.author.id);
      if (author) this.moveRead(roomId, author, message.seq);
    }
    const isRecountDue = mentions === true || changes.some((change) => change.event === 'message.deleted');
    if (isRecountDue) for (const arrival of this.arrivals) arrival.recount.add(roomId);
    if (!room) return;
    if (isRecountDue) this.recount.add(roomId);
    this.due.add(roomId);
  }

  private read(roomId: string, userId: string, seq: number): void {
    for (const arrival of this.arrivals) if (arrival.people.has(userId)) raise(arrival.readSeqs, pairOf(roomId, userId), seq);
    const standing = this.rooms.get(roomId)?.people.get(userId);
    if (standing) this.moveRead(roomId, standing, seq);
  }

  private moveRead(roomId: string, standing: Standing, seq: number): void {
    if (seq <= standing.readSeq) return;
    standing.readSeq = seq;
    // A count that is under way may not know it yet.
    if (standing.mentions > 0 || this.counting.has(roomId)) this.recount.add(roomId);
    this.due.add(roomId);
  }

  private arrive(userId: string): void {
    this.roomsOf.set(userId, this.roomsOf.get(userId) ?? new Set());
    this.gather(gatherFor).people.add(userId);
  }

  /** Some members' right to read a room may be another one now. */
  private lookAgain(roomId: string, userIds: readonly string[]): void {
    const lastSeq = this.rooms.get(roomId)?.lastSeq;
    for (const userId of userIds) {
      const mine = this.roomsOf.get(userId);
      if (!mine) continue;
      const known = mine.has(roomId);
      this.drop(roomId, userId);
      this.arrive(userId);
      // Told in any case, as of something that changed.
      this.waiting?.recount.add(roomId);
      if (known && lastSeq !== undefined) this.waiting?.lost.set(pairOf(roomId, userId), { roomId, userId, lastSeq });
    }
  }

  /** @returns who is looked up next: `wait` ms from now, or together with those who wait already */
  private gather(wait: number): Arrival {
    if (this.waiting) return this.waiting;
    const arrival = new Arrival();
    this.waiting = arrival;
    this.arrivals.add(arrival);
    this.gathering = setTimeout(() => {
      this.gathering = null;
      this.depart();
    }, wait).unref();
    return arrival;
  }

  /** Looks up who waits and has waited long enough. */
  private depart(): void {
    const arrival = this.waiting;
    if (!arrival || this.gathering || this.loads >= mostLoads || this.isOver) return;
    this.waiting = null;
    this.loads++;
    // The rows will know; and who went and came back before the look-up is a member.
    arrival.gone.clear();
    this.load(arrival)
      .catch((error: unknown) => {
        this.logger.warn({ error }, 'memberships were not read; they are asked for again');
        this.again(arrival);
      })
      .finally(() => {
        this.arrivals.delete(arrival);
        this.loads--;
        this.depart();
      });
  }

  /** After a failure. Together with whoever arrives meanwhile, so that a database that is away is not asked more and more often. */
  private again(failed: Arrival): void {
    if (this.isOver || failed.people.size === 0) return;
    this.gather(tellEvery).takeOver(failed);
  }

  private async load(arrival: Arrival): Promise<void> {
    if (arrival.people.size === 0) return;
    const heard = new Set<string>();
    try {
      for (const row of await this.standings(arrival, heard)) {
        arrival.lost.delete(pairOf(row.room_id, row.user_id));
        this.place(row, arrival);
      }
    } finally {
      this.broker.leave(heard);
    }
    for (const { roomId, userId, lastSeq } of arrival.lost.values())
      if (this.roomsOf.has(userId)) this.publisher.toPeopleHere([userId], 'room.unread', { room: roomId, unread: 0, mentions: 0, lastSeq });
  }

  /** Where the people stand, read once the pushes of all their rooms arrive here. @param heard gets the rooms that are listened to meanwhile */
  private async standings(arrival: Arrival, heard: Set<string>): Promise<StandingRow[]> {
    const listenedTo = this.roomsSoFar;
    await this.broker.listening();
    const rows = await this.repository.standings([...arrival.people]);
    for (const { room_id: roomId } of rows) if ((this.rooms.get(roomId)?.number ?? Infinity) > listenedTo) heard.add(roomId);
    if (heard.size === 0) return rows;
    this.broker.listen(heard);
    const listening = this.broker.listening();
    if (!listening) return rows;
    await listening;
    return this.repository.standings([...arrival.people]);
  }

  private place(row: StandingRow, arrival: Arrival): void {
    const { room_id: roomId, user_id: userId } = row;
    const pair = pairOf(roomId, userId);
    const mine = this.roomsOf.get(userId);
    // Gone again while the database was asked: the person, the room, or the person from the room.
    if (!mine || !arrival.people.has(userId) || arrival.gone.has(roomId) || arrival.gone.has(pair)) return;
    mine.add(roomId);
    let room = this.rooms.get(roomId);
    if (!room) {
      this.rooms.set(roomId, (room = { number: ++this.roomsSoFar, lastSeq: 0, people: new Map() }));
      this.broker.listen([roomId]);
    }
    room.lastSeq = Math.max(room.lastSeq, Number(row.last_seq), arrival.lastSeqs.get(roomId) ?? 0);
    const known = room.people.get(userId);
    const standing = {
      readSeq: Math.max(known?.readSeq ?? 0, Number(row.read_seq), arrival.readSeqs.get(pair) ?? 0),
      mentions: Number(row.mentions),
      toldUnread: -1,
      toldMentions: -1,
    };
    // What a client reads when it connects it knows already; what changes from there on it is told.
    const isChanged = arrival.lastSeqs.has(roomId) || arrival.readSeqs.has(pair) || arrival.recount.has(roomId);
    if (known || !isChanged) {
      standing.toldUnread = known ? known.toldUnread : unreadOf(room, standing);
      standing.toldMentions = known ? known.toldMentions : standing.mentions;
    }
    room.people.set(userId, standing);
    // The rows may be older than what was read or written meanwhile.
    const isReadOld = standing.mentions > 0 && standing.readSeq > Number(row.read_seq);
    if (isReadOld || arrival.recount.has(roomId) || this.counting.has(roomId)) this.recount.add(roomId);
    if (isNews(room, standing)) this.due.add(roomId);
  }

  private forget(userId: string): void {
    for (const roomId of this.roomsOf.get(userId) ?? []) this.drop(roomId, userId);
    this.roomsOf.delete(userId);
    for (const arrival of this.arrivals) arrival.people.delete(userId);
  }

  private drop(roomId: string, userId: string): void {
    for (const arrival of this.arrivals) arrival.gone.add(pairOf(roomId, userId));
    this.roomsOf.get(userId)?.delete(roomId);
    const room = this.rooms.get(roomId);
    if (room?.people.delete(userId) && room.people.size === 0) this.forgetRoom(roomId);
  }

  private dropRoom(roomId: string): void {
    for (const arrival of this.arrivals) arrival.gone.add(roomId);
    for (const userId of this.rooms.get(roomId)?.people.keys() ?? []) this.roomsOf.get(userId)?.delete(roomId);
    this.forgetRoom(roomId);
    this.due.delete(roomId);
    this.recount.delete(roomId);
  }

  private forgetRoom(roomId: string): void {
    if (this.rooms.delete(roomId)) this.broker.leave([roomId]);
  }

  /** Tells who is due, the longest waiting first. */
  private async round(): Promise<void> {
    if (this.busy || this.due.size + this.recount.size === 0) return;
    this.busy = true;
    try {
      await this.countMentions();
      let left = mostPerRound;
      for (const roomId of [...this.due]) {
        if (left <= 0) break;
        this.due.delete(roomId);
        left -= this.tellRoom(roomId, left);
        // Not everybody's turn came: the rest waits behind the other rooms.
        if (left <= 0) this.due.add(roomId);
      }
    } finally {
      this.busy = false;
    }
  }

  /** Tells at most `most` people of a room. @returns how many */
  private tellRoom(roomId: string, most: number): number {
    const room = this.rooms.get(roomId);
    if (!room) return 0;
    const told: [string, Standing][] = [];
    for (const [userId, standing] of room.people) {
      if (told.length >= most) break;
      if (!isNews(room, standing)) continue;
      const unread = unreadOf(room, standing);
      standing.toldUnread = unread;
      standing.toldMentions = standing.mentions;
      told.push([userId, standing]);
      this.publisher.toPeopleHere([userId], 'room.unread', { room: roomId, unread, mentions: standing.mentions, lastSeq: room.lastSeq });
    }
    // Whoever was told goes to the end, so that in a room too big for one round everybody's turn comes.
    for (const [userId, standing] of told) {
      room.people.delete(userId);
      room.people.set(userId, standing);
    }
    return told.length;
  }

  /** Mentions are rows; they are counted again for the people online in rooms where that may have changed, in one query. */
  private async countMentions(): Promise<void> {
    if (this.recount.size === 0) return;
    const roomIds = [...this.recount];
    this.counting = new Set(roomIds);
    this.recount.clear();
    // A read that comes while the database is asked is counted in the next round, and must not wait for the next message.
    for (const roomId of roomIds) this.due.add(roomId);
    let rows: MentionsRow[];
    try {
      rows = await this.repository.mentionsIn(roomIds);
    } catch (error) {
      // Still to be counted, or the counts would stay wrong until the next mention.
      for (const roomId of roomIds) this.recount.add(roomId);
      throw error;
    } finally {
      this.counting = new Set();
    }
    for (const roomId of roomIds) for (const standing of this.rooms.get(roomId)?.people.values() ?? []) standing.mentions = 0;
    for (const row of rows) {
      const standing = this.rooms.get(row.room_id)?.people.get(row.user_id);
      if (standing) standing.mentions = Number(row.mentions);
    }
  }
}

function unreadOf(room: RoomState, standing: Standing): number {
  return Math.max(0, room.lastSeq - standing.readSeq);
}

function isNews(room: RoomState, standing: Standing): boolean {
  return unreadOf(room, standing) !== standing.toldUnread || standing.mentions !== standing.toldMentions;
}
