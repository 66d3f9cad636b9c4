import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { PersonRef } from '../contracts/index.js';
import { Publisher } from './publisher.js';

/** Another "is typing" of the same person in the same room is passed on after this, in ms. */
const passedEvery = 2_000;
/** Without another one a person counts as stopped after this, in ms. */
const forgottenAfter = 6_000;

interface TypingPerson {
  passedAt: number;
  expiry: NodeJS.Timeout;
}

/** Who is typing: never stored, passed on to the others in the room, throttled, forgotten by itself. */
@Injectable()
export class Typing implements OnApplicationShutdown {
  private readonly typing = new Map<string, TypingPerson>();

  constructor(private readonly publisher: Publisher) {}

  /** A person says that they are typing, or that they stopped. */
  set(roomId: string, user: PersonRef, typing: boolean): void {
    const key = `${roomId} ${user.id}`;
    const known = this.typing.get(key);
    if (known) clearTimeout(known.expiry);
    if (!typing) {
      if (this.typing.delete(key)) this.tell(roomId, user, false);
      return;
    }
    const now = performance.now();
    const pass = !known || now - known.passedAt >= passedEvery;
    this.typing.set(key, {
      passedAt: pass ? now : known.passedAt,
      expiry: setTimeout(() => this.set(roomId, user, false), forgottenAfter).unref(),
    });
    if (pass) this.tell(roomId, user, true);
  }

  onApplicationShutdown(): void {
    for (const { expiry } of this.typing.values()) clearTimeout(expiry);
    this.typing.clear();
  }

  private tell(roomId: string, user: PersonRef, typing: boolean): void {
    this.publisher.toRoomAbout(roomId, user.id, 'room.typing', { room: roomId, user, typing }, { toSelf: false });
  }
}
