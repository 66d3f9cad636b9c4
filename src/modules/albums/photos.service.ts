import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { newId } from '../../common/ids.js';
import type { Person } from '../../common/principal.js';
import type { Photo } from '../../contracts/index.js';
import { decodeIdCursor, encodeCursor, inTransaction, type Page, type Paging } from '../../database/index.js';
import type { Upload } from '../../platform/http/uploads/index.js';
import { FilesService } from '../files/index.js';
import { AlbumReaders } from './album-readers.js';
import { mostPhotos, visibleTo } from './albums.policy.js';
import { AlbumsRepository } from './albums.repository.js';
import type { PhotoEntity } from './entities/photo.entity.js';

const pageSize = 50;

/** Photos: each belongs to an album of its owner and is seen by whoever may see that. */
@Injectable()
export class PhotosService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly albums: AlbumsRepository,
    private readonly readers: AlbumReaders,
    private readonly files: FilesService,
  ) {}

  /** Puts an uploaded picture into one's own album. @throws AppError as `add`, and as `FilesService.create` */
  async upload(person: Person, albumId: string, upload: Upload): Promise<Photo[]> {
    // Asked before the picture is worked on; `add` asks again under the lock.
    const album = await this.albums.visibility(albumId);
    if (album?.ownerId !== person.userId) throw new AppError('album.not-found');
    const { id } = await this.files.create(person, upload, { imagesOnly: true });
    try {
      return await this.add(person, albumId, [id]);
    } catch (error) {
      // One that cannot be let go now is let go by housekeeping.
      await this.files.discard(person, id).catch(() => undefined);
      throw error;
    }
  }

  /**
   * Puts uploaded pictures into one's own album, all of them or none; they are listed in the order given, the last one as the newest.
   * @throws AppError `album.not-found`, `album.full`, `file.not-found`, `file.not-image`
   */
  async add(person: Person, albumId: string, fileIds: readonly string[]): Promise<Photo[]> {
    const photos = await inTransaction(this.dataSource, async (manager) => {
      const album = await this.albums.lock(manager, person.userId, albumId);
      if (!album) throw new AppError('album.not-found');
      if (album.photoCount + fileIds.length > mostPhotos) throw new AppError('album.full');
      const images = await this.files.attach(manager, person.userId, fileIds, { kind: 'photo', id: albumId }, { imagesOnly: true });
      const createdAt = new Date();
      const made = images.map((image): PhotoEntity => ({ id: newId(), albumId, ownerId: person.userId, image, createdAt }));
      await this.albums.insertPhotos(manager, albumId, made);
      return made;
    });
    return photos.map(toPhoto);
  }

  /**
   * Photos of an album, of a person as far as the reader may see them, or the reader's own.
   * @throws AppError `album.not-found`, `user.not-found`, `request.cursor-invalid`
   */
  async list(reader: Person, of: { album?: string | undefined; user?: string | undefined }, paging: Paging): Promise<Page<Photo>> {
    const { limit = pageSize, cursor } = paging;
    const rows = await this.read(reader, of, limit + 1, cursor === undefined ? null : decodeIdCursor(cursor));
    const last = rows.at(limit - 1);
    return { items: rows.slice(0, limit).map(toPhoto), nextCursor: rows.length > limit && last ? encodeCursor([last.id]) : null };
  }

  /** @throws AppError `photo.not-found`, alike for unknown ones and those that the reader may not see */
  async get(reader: Person, id: string): Promise<Photo> {
    const photo = await this.albums.photoById(id);
    if (!photo || !(await this.readers.mayRead(reader.userId, photo.albumId))) throw new AppError('photo.not-found');
    return toPhoto(photo);
  }

  /** Deletes one's own photo and its file. @throws AppError `photo.not-found` */
  async delete(person: Person, id: string): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      const seen = await this.albums.photo(manager, person.userId, id);
      // The album is locked first, as everywhere; the photo may have gone until then.
      const album = seen && (await this.albums.lock(manager, person.userId, seen.albumId));
      const photo = album && (await this.albums.photo(manager, person.userId, id));
      if (!photo) throw new AppError('photo.not-found');
      await this.albums.removePhoto(manager, photo);
      await this.files.release(manager, [photo.image.id]);
    });
  }

  private async read(
    reader: Person,
    { album, user }: { album?: string | undefined; user?: string | undefined },
    limit: number,
    before: string | null,
  ): Promise<PhotoEntity[]> {
    if (album !== undefined) {
      if (!(await this.readers.mayRead(reader.userId, album))) throw new AppError('album.not-found');
      return this.albums.photosOfAlbum(album, limit, before);
    }
    if (user === undefined) return this.albums.photosOf(reader.userId, limit, before);
    const { ownerId, closeness } = await this.readers.toward(reader, user);
    if (closeness === 'self') return this.albums.photosOf(ownerId, limit, before);
    const visibilities = visibleTo(closeness);
    return visibilities.length === 0 ? [] : this.albums.photosOfPerson(ownerId, visibilities, limit, before);
  }
}

function toPhoto({ id, albumId, image, createdAt }: PhotoEntity): Photo {
  return { id, album: albumId, image, createdAt: createdAt.toISOString() };
}
