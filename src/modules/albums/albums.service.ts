import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { newId } from '../../common/ids.js';
import type { Person } from '../../common/principal.js';
import type { Album, EndpointInput, endpoints } from '../../contracts/index.js';
import { decodeIdCursor, encodeCursor, inTransaction, type Page, type Paging } from '../../database/index.js';
import { FilesService } from '../files/index.js';
import { authorOf, UserAccounts, UserDirectory } from '../users/index.js';
import { AlbumReaders } from './album-readers.js';
import { type Closeness, mostAlbums, visibleTo } from './albums.policy.js';
import { type AlbumColumns, type AlbumRow, AlbumsRepository } from './albums.repository.js';

const pageSize = 50;

type NewAlbum = EndpointInput<(typeof endpoints)['albums.create']>['body'];
type AlbumChanges = EndpointInput<(typeof endpoints)['albums.update']>['body'];

/** Albums: one's own, and those of others as far as they show them. What one may not see or change answers like what is not there. */
@Injectable()
export class AlbumsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly albums: AlbumsRepository,
    private readonly readers: AlbumReaders,
    private readonly accounts: UserAccounts,
    private readonly users: UserDirectory,
    private readonly files: FilesService,
  ) {}

  /** @throws AppError `request.cursor-invalid` */
  async own(person: Person, paging: Paging): Promise<Page<Album>> {
    return this.page(person.userId, 'self', paging);
  }

  /** @throws AppError `user.not-found`, `request.cursor-invalid` */
  async ofPerson(reader: Person, username: string, paging: Paging): Promise<Page<Album>> {
    const { ownerId, closeness } = await this.readers.toward(reader, username);
    return this.page(ownerId, closeness, paging);
  }

  /** @throws AppError `album.not-found` */
  async get(reader: Person, id: string): Promise<Album> {
    if (!(await this.readers.mayRead(reader.userId, id))) throw new AppError('album.not-found');
    return this.view(id);
  }

  /** @throws AppError `album.too-many` */
  async create(person: Person, { name, theme = null, year = null, visibility = 'everyone' }: NewAlbum): Promise<Album> {
    const id = newId();
    await inTransaction(this.dataSource, async (manager) => {
      // The albums of one person are counted one after the other.
      await this.accounts.lockById(person.userId, manager);
      if ((await this.albums.count(manager, person.userId)) >= mostAlbums) throw new AppError('album.too-many');
      const said = { name, theme, year, visibility, coverPhotoId: null };
      await this.albums.insert(manager, { id, ownerId: person.userId, ...said, photoCount: 0, createdAt: new Date() });
    });
    return this.view(id);
  }

  /** @throws AppError `album.not-found`, `photo.not-found` for a cover that is no photo of this album */
  async update(person: Person, id: string, changes: AlbumChanges): Promise<Album> {
    await inTransaction(this.dataSource, async (manager) => {
      if (!(await this.albums.lock(manager, person.userId, id))) throw new AppError('album.not-found');
      if (changes.coverPhotoId) {
        const photo = await this.albums.photo(manager, person.userId, changes.coverPhotoId);
        if (photo?.albumId !== id) throw new AppError('photo.not-found');
      }
      await this.albums.change(manager, id, named(changes));
    });
    return this.view(id);
  }

  /** Deletes an album and its photos; their files are gone with it. @throws AppError `album.not-found` */
  async delete(person: Person, id: string): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      if (!(await this.albums.lock(manager, person.userId, id))) throw new AppError('album.not-found');
      await this.files.release(manager, await this.albums.remove(manager, id));
    });
  }

  private async page(ownerId: string, closeness: Closeness, { limit = pageSize, cursor }: Paging): Promise<Page<Album>> {
    const before = cursor === undefined ? null : decodeIdCursor(cursor);
    const rows = await this.albums.list(ownerId, visibleTo(closeness), limit + 1, before);
    const last = rows.at(limit - 1);
    return { items: await this.views(rows.slice(0, limit)), nextCursor: rows.length > limit && last ? encodeCursor([last.id]) : null };
  }

  private async view(id: string): Promise<Album> {
    const row = await this.albums.find(id);
    const [album] = row ? await this.views([row]) : [];
    if (!album) throw new AppError('album.not-found');
    return album;
  }

  private async views(rows: readonly AlbumRow[]): Promise<Album[]> {
    const owners = await this.users.loadMany(rows.map((row) => row.owner_id));
    return rows.flatMap((row) => {
      const owner = authorOf(owners.get(row.owner_id));
      return owner ? [toAlbum(row, owner)] : [];
    });
  }
}

function toAlbum(row: AlbumRow, owner: Album['owner']): Album {
  return {
    id: row.id,
    owner,
    name: row.name,
    theme: row.theme,
    year: row.year,
    visibility: row.visibility,
    coverPhotoId: row.cover_photo_id,
    cover: row.cover,
    photoCount: row.photo_count,
    createdAt: row.created_at.toISOString(),
  };
}

/** Without what was not named. */
function named(changes: AlbumChanges): Partial<AlbumColumns> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
