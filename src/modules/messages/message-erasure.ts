import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { toMessage } from '../../common/message-view.js';
import { afterCommit, inTransaction } from '../../database/index.js';
import { Publisher } from '../../realtime/index.js';
import { FilesService } from '../files/index.js';
import { authorOf, UserDirectory } from '../users/index.js';
import { AuthorErasureRepository } from './author-erasure.repository.js';
import { ChangesRepository, type LockedMessage } from './changes.repository.js';

/** Deleting messages whatever their room says, for those who keep order on the whole server; who may is decided before. */
@Injectable()
export class MessageErasure {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly repository: ChangesRepository,
    private readonly users: UserDirectory,
    private readonly publisher: Publisher,
    private readonly authored: AuthorErasureRepository,
    private readonly files: FilesService,
  ) {}

  /**
   * Blanks a message, which keeps its place and takes the room's next position; one that was deleted before stays as it is.
   * @param within writes what stands or falls with it
   * @throws AppError `message.not-found`
   */
  async erase(id: string, within: (manager: EntityManager) => Promise<void>): Promise<void> {
    const place = await this.repository.place(id);
    if (!place) throw new AppError('message.not-found');
    const author = place.authorId === null ? null : authorOf(await this.users.load(place.authorId));
    await inTransaction(this.dataSource, async (manager) => {
      const room = await this.repository.lockRoom(manager, place.roomId);
      const message = room && (await this.repository.message(manager, id));
      if (!message) throw new AppError('message.not-found');
      if (message.deleted_at) return;
      await this.repository.blank(manager, message);
      const changed = await this.repository.takePosition(manager, id, place.roomId);
      await within(manager);
      afterCommit(manager, () => {
        const told = toMessage(changed, author);
        const change = { event: 'message.deleted' as const, position: told.position, message: told, isNew: false };
        this.publisher.roomChanged({ roomId: place.roomId, changes: [{ ...change, accessVersion: room.access_version }] });
      });
    });
  }

  /**
   * An author's account goes: what they said stays as nobody's, without its files, earlier versions and client ids, or is blanked where the
   * choice says so; their reactions are taken back. Every message takes its room's next position, a few hundred per transaction, so clients
   * learn of it like of any change. May be done again.
   * @param blanks which messages do not stay: all, or those that hold this address
   * @param step called between two transactions
   */
  async author(userId: string, blanks: { all: boolean; containing: string }, step: () => Promise<void>): Promise<void> {
    const address = blanks.containing.toLowerCase();
    for (let roomId = await this.authored.roomWrittenIn(userId); roomId !== null; roomId = await this.authored.roomWrittenIn(userId)) {
      await this.rewrite(roomId, async (manager) => {
        const messages = await this.authored.messagesOf(manager, roomId, userId);
        for (const message of messages) {
          if (message.deleted_at) continue;
          const isWordless = message.attachments !== null && message.content.trim() === '';
          if (blanks.all || isWordless || message.content.toLowerCase().includes(address)) await this.repository.blank(manager, message);
          else if (message.attachments)
            await this.files.release(
              manager,
              message.attachments.map(({ id }) => id),
            );
        }
        const ids = messages.map(({ id }) => id);
        await this.authored.disown(manager, ids);
        return ids;
      });
      await step();
    }
    for (let roomId = await this.authored.roomReactedIn(userId); roomId !== null; roomId = await this.authored.roomReactedIn(userId)) {
      await this.rewrite(roomId, async (manager) => this.authored.takeReactions(manager, roomId, userId));
      await step();
    }
  }

  /** What the system noted of somebody in rooms ("ada joined the room") names nobody any more. Looks at every message. @param names in any case */
  async systemNotes(names: readonly string[]): Promise<void> {
    for (const { roomId, ids } of await this.authored.notesOf(names))
      await this.rewrite(roomId, async (manager) => {
        await this.authored.rename(manager, ids, 'Somebody');
        return ids;
      });
  }

  /** Changes messages of one room under its lock, gives them the next positions and tells the room. */
  private async rewrite(roomId: string, work: (manager: EntityManager) => Promise<string[]>): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      const room = await this.repository.lockRoom(manager, roomId);
      const ids = room ? await work(manager) : [];
      if (!room || ids.length === 0) return;
      const rows = await this.authored.takePositions(manager, roomId, ids);
      afterCommit(manager, async () => {
        const people = await this.users.loadMany(rows.flatMap((row) => row.author_id ?? []));
        const changes = rows.map((row) => this.change(row, authorOf(people.get(row.author_id ?? '')), room.access_version));
        this.publisher.roomChanged({ roomId, changes });
      });
    });
  }

  private change(row: LockedMessage, author: ReturnType<typeof authorOf>, accessVersion: number) {
    const message = toMessage(row, author);
    const event = row.deleted_at ? ('message.deleted' as const) : ('message.updated' as const);
    return { event, position: message.position, message, isNew: false, accessVersion };
  }
}
