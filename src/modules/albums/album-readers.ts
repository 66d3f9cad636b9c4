import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import { FileAccess } from '../files/index.js';
import { BlockDirectory, FriendsService } from '../friends/index.js';
import { ProfileCounters, UserDirectory } from '../users/index.js';
import { type Closeness, maySee, visibleTo } from './albums.policy.js';
import { AlbumsRepository } from './albums.repository.js';

/** Who may see whose albums, and so the files of their photos. */
@Injectable()
export class AlbumReaders implements OnModuleInit {
  constructor(
    private readonly albums: AlbumsRepository,
    private readonly users: UserDirectory,
    private readonly friends: FriendsService,
    private readonly blocks: BlockDirectory,
    private readonly access: FileAccess,
    private readonly counters: ProfileCounters,
  ) {}

  onModuleInit(): void {
    this.counters.register('albums', async (ownerId, readerId) =>
      this.albums.countVisible(ownerId, visibleTo(await this.closeness(readerId, ownerId))),
    );
    this.access.register('photo', async (principal, albumId, file) => {
      if (principal.kind !== 'person') return false;
      return principal.userId === file.ownerId || this.mayRead(principal.userId, albumId);
    });
  }

  /** How a reader stands to a person. @param askForFriends false: friends count as others, which memory knows without a query */
  async closeness(readerId: string, ownerId: string, askForFriends = true): Promise<Closeness> {
    if (readerId === ownerId) return 'self';
    if ((await this.blocks.between(readerId, ownerId)) !== 'none') return 'apart';
    return askForFriends && (await this.friends.areFriends(readerId, ownerId)) ? 'friend' : 'other';
  }

  /** The person of that name and how the reader stands to them. @throws AppError `user.not-found` */
  async toward(reader: Person, username: string): Promise<{ ownerId: string; closeness: Closeness }> {
    const owner = await this.users.byUsername(username);
    if (!owner) throw new AppError('user.not-found');
    return { ownerId: owner.id, closeness: await this.closeness(reader.userId, owner.id) };
  }

  /** Whether a person may see an album; false also where there is none. */
  async mayRead(readerId: string, albumId: string): Promise<boolean> {
    const album = await this.albums.visibility(albumId);
    if (!album) return false;
    const { ownerId, visibility } = album;
    return maySee(await this.closeness(readerId, ownerId, visibility === 'friends'), visibility);
  }
}
