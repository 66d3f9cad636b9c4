import { Injectable } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import type { RoomChanges } from '../../contracts/index.js';
import { RoomsService } from '../rooms/index.js';
import { MessageLog } from './message-log.js';

/** Changes of one room in one answer; `more` says to ask again. */
const perRoom = 100;

/** Catching up on many rooms at once, without joining them. */
@Injectable()
export class SyncService {
  constructor(
    private readonly rooms: RoomsService,
    private readonly log: MessageLog,
  ) {}

  /** What changed in each room since a position. Rooms that the person may not read are left out; rooms without news cost one query together. */
  async sync(person: Person, known: Record<string, { position: number; epoch: string }>): Promise<Record<string, RoomChanges>> {
    const heads = await this.log.heads(Object.keys(known));
    const answer: Record<string, RoomChanges> = {};
    for (const [roomId, { position, epoch }] of Object.entries(known)) {
      const head = heads.get(roomId);
      if (!head || !(await this.mayRead(person, roomId))) continue;
      if (head.position === position && head.epoch === epoch) {
        answer[roomId] = { items: [], position, epoch, more: false, gap: false };
        continue;
      }
      const changes = await this.log.changes(roomId, position, epoch, perRoom);
      answer[roomId] = { ...changes, items: await this.log.forReader(person, changes.items) };
    }
    return answer;
  }

  private async mayRead(person: Person, roomId: string): Promise<boolean> {
    try {
      const room = await this.rooms.readable(person, roomId);
      const membership = await this.rooms.membership(person, room.id);
      return membership.role !== null || room.kind === 'public';
    } catch (error) {
      if (error instanceof AppError && error.status < 500) return false;
      throw error;
    }
  }
}
