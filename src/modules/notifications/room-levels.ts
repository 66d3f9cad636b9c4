import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import type { RoomNotificationLevel } from '../../contracts/index.js';
import { RoomsService } from '../rooms/index.js';

/** Which messages of a room notify a person. Which rooms notify somebody of everything, memory knows. */
@Injectable()
export class RoomLevels {
  private rooms: ReadonlySet<string> = new Set();

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly roomsService: RoomsService,
  ) {}

  /** @throws AppError `room.not-found`, `room.not-joined` */
  async of(person: Person, reference: string): Promise<RoomNotificationLevel> {
    const roomId = await this.joined(person, reference);
    const rows = await this.dataSource.query<{ level: RoomNotificationLevel }[]>(
      'SELECT level FROM notification_levels WHERE user_id = $1 AND room_id = $2',
      [person.userId, roomId],
    );
    return rows[0]?.level ?? 'mentions';
  }

  /** @throws AppError `room.not-found`, `room.not-joined` */
  async set(person: Person, reference: string, level: RoomNotificationLevel): Promise<RoomNotificationLevel> {
    const roomId = await this.joined(person, reference);
    const rows = await this.dataSource.query<unknown[]>(
      `INSERT INTO notification_levels (user_id, room_id, level, notified_seq) SELECT $1, r.id, $3, r.last_seq FROM rooms r WHERE r.id = $2
       ON CONFLICT (user_id, room_id) DO UPDATE SET level = EXCLUDED.level,
         notified_seq = CASE WHEN notification_levels.level = 'all' THEN notification_levels.notified_seq ELSE EXCLUDED.notified_seq END
       RETURNING 1`,
      [person.userId, roomId, level],
    );
    if (rows.length === 0) throw new AppError('room.not-found');
    if (level === 'all') this.rooms = new Set([...this.rooms, roomId]);
    return level;
  }

  /** Whether somebody is notified of every message of a room; from memory. */
  notifiesOfAll(roomId: string): boolean {
    return this.rooms.has(roomId);
  }

  /** Reads those rooms anew: what was set on other nodes. */
  async load(): Promise<void> {
    const rows = await this.dataSource.query<{ room_id: string }[]>(`SELECT DISTINCT room_id FROM notification_levels WHERE level = 'all'`);
    this.rooms = new Set(rows.map((row) => row.room_id));
  }

  private async joined(person: Person, reference: string): Promise<string> {
    const room = await this.roomsService.visible(person, reference);
    const { role } = await this.roomsService.membership(person, room.id);
    if (!role) throw new AppError('room.not-joined');
    return room.id;
  }
}
