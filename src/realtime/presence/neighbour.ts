import type { OnlineCount } from './online-count.js';
import type { RoomPresence } from './room-presence.js';

/** A person who is in a room, as nodes tell each other. */
export type Entered = readonly [roomId: string, userId: string, username: string];

/** What changed on a node. */
export interface Changes {
  online: readonly string[];
  offline: readonly string[];
  entered: readonly Entered[];
  left: readonly (readonly [roomId: string, userId: string])[];
}

/** Another node, as far as its people are known here; what is learnt of it goes into the counts of this node. */
export class Neighbour {
  /** The last of its changes that is known. */
  n = 0;
  /** Looks in a row that found no lease. */
  missed = 0;
  private readonly online = new Set<string>();
  private readonly rooms = new Map<string, Set<string>>();

  constructor(
    private readonly node: string,
    private readonly presence: RoomPresence,
    private readonly count: OnlineCount,
  ) {}

  /** What changed; telling it twice changes nothing. */
  change(n: number, { online, offline, entered, left }: Changes): void {
    this.n = n;
    for (const userId of online) this.come(userId);
    for (const place of entered) this.enter(place);
    for (const [roomId, userId] of left) this.leave(roomId, userId);
    for (const userId of offline) this.go(userId);
  }

  /** Everybody. Who was known already neither leaves nor comes. */
  replace(n: number, online: readonly string[], entered: readonly Entered[]): void {
    this.n = n;
    const nowOnline = new Set(online);
    const nowIn = new Set(entered.map(([roomId, userId]) => `${roomId} ${userId}`));
    for (const userId of nowOnline) this.come(userId);
    for (const place of entered) this.enter(place);
    for (const [roomId, people] of [...this.rooms])
      for (const userId of [...people]) if (!nowIn.has(`${roomId} ${userId}`)) this.leave(roomId, userId);
    for (const userId of [...this.online]) if (!nowOnline.has(userId)) this.go(userId);
  }

  /** It is gone, and its people with it. */
  end(): void {
    this.replace(this.n, [], []);
  }

  private come(userId: string): void {
    this.online.add(userId);
    this.count.cameElsewhere(userId, this.node);
  }

  private go(userId: string): void {
    if (this.online.delete(userId)) this.count.wentElsewhere(userId, this.node);
  }

  private enter([roomId, id, username]: Entered): void {
    const people = this.rooms.get(roomId);
    if (people) people.add(id);
    else this.rooms.set(roomId, new Set([id]));
    this.presence.cameElsewhere(roomId, { id, username }, this.node);
  }

  private leave(roomId: string, userId: string): void {
    const people = this.rooms.get(roomId);
    if (!people?.delete(userId)) return;
    if (people.size === 0) this.rooms.delete(roomId);
    this.presence.wentElsewhere(roomId, userId, this.node);
  }
}
