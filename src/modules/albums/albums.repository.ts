import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import type { AlbumVisibility, Attachment } from '../../contracts/index.js';
import { AlbumEntity } from './entities/album.entity.js';
import { PhotoEntity } from './entities/photo.entity.js';

/** An album with the picture that stands for it. */
export interface AlbumRow {
  id: string;
  owner_id: string;
  name: string;
  theme: string | null;
  year: number | null;
  visibility: AlbumVisibility;
  cover_photo_id: string | null;
  cover: Attachment | null;
  photo_count: number;
  created_at: Date;
}

/** What an owner says of an album. */
export type AlbumColumns = Pick<AlbumEntity, 'name' | 'theme' | 'year' | 'visibility' | 'coverPhotoId'>;

const albums = `
  SELECT a.id, a.owner_id, a.name, a.theme, a.year, a.visibility, a.cover_photo_id, a.photo_count, a.created_at, cover.image AS cover
  FROM albums a
  LEFT JOIN LATERAL (
    SELECT p.image FROM photos p
    WHERE p.id = coalesce(a.cover_photo_id, (SELECT newest.id FROM photos newest WHERE newest.album_id = a.id ORDER BY newest.id DESC LIMIT 1))
  ) cover ON true`;

/** The SQL of albums and photos. Whoever changes an album or its photos holds its lock. */
@Injectable()
export class AlbumsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async find(id: string): Promise<AlbumRow | null> {
    const rows = await this.dataSource.query<AlbumRow[]>(`${albums} WHERE a.id = $1`, [id]);
    return rows[0] ?? null;
  }

  /** A person's albums below `before`, the newest first. */
  async list(ownerId: string, visibilities: readonly AlbumVisibility[], limit: number, before: string | null): Promise<AlbumRow[]> {
    return this.dataSource.query<AlbumRow[]>(
      `${albums} WHERE a.owner_id = $1 AND a.visibility = ANY($2::text[]) AND ($4::uuid IS NULL OR a.id < $4) ORDER BY a.id DESC LIMIT $3`,
      [ownerId, visibilities, limit, before],
    );
  }

  /** Whose an album is and who may see it. */
  async visibility(id: string): Promise<{ ownerId: string; visibility: AlbumVisibility } | null> {
    const rows = await this.dataSource.query<{ owner_id: string; visibility: AlbumVisibility }[]>(
      'SELECT owner_id, visibility FROM albums WHERE id = $1',
      [id],
    );
    return rows[0] ? { ownerId: rows[0].owner_id, visibility: rows[0].visibility } : null;
  }

  async countVisible(ownerId: string, visibilities: readonly AlbumVisibility[]): Promise<number> {
    const rows = await this.dataSource.query<{ n: string }[]>(
      'SELECT count(*) AS n FROM albums WHERE owner_id = $1 AND visibility = ANY($2::text[])',
      [ownerId, visibilities],
    );
    return Number(rows[0]!.n);
  }

  async count(manager: EntityManager, ownerId: string): Promise<number> {
    return manager.countBy(AlbumEntity, { ownerId });
  }

  async insert(manager: EntityManager, album: AlbumEntity): Promise<void> {
    await manager.insert(AlbumEntity, album);
  }

  /** One's own album, nobody else's to change until the transaction ends. */
  async lock(manager: EntityManager, ownerId: string, id: string): Promise<AlbumEntity | null> {
    return manager.findOne(AlbumEntity, { where: { id, ownerId }, lock: { mode: 'pessimistic_write' } });
  }

  async change(manager: EntityManager, id: string, columns: Partial<AlbumColumns>): Promise<void> {
    if (Object.keys(columns).length > 0) await manager.update(AlbumEntity, { id }, columns);
  }

  /** @returns the files of its photos */
  async remove(manager: EntityManager, id: string): Promise<string[]> {
    const files = await manager.query<{ file: string }[]>(`SELECT image->>'id' AS file FROM photos WHERE album_id = $1`, [id]);
    await manager.query('UPDATE albums SET cover_photo_id = NULL WHERE id = $1 AND cover_photo_id IS NOT NULL', [id]);
    await manager.query('DELETE FROM albums WHERE id = $1', [id]);
    return files.map(({ file }) => file);
  }

  async insertPhotos(manager: EntityManager, albumId: string, photos: readonly PhotoEntity[]): Promise<void> {
    await manager.insert(PhotoEntity, [...photos]);
    await manager.increment(AlbumEntity, { id: albumId }, 'photoCount', photos.length);
  }

  async photo(manager: EntityManager, ownerId: string, id: string): Promise<PhotoEntity | null> {
    return manager.findOneBy(PhotoEntity, { id, ownerId });
  }

  async photoById(id: string): Promise<PhotoEntity | null> {
    return this.dataSource.manager.findOneBy(PhotoEntity, { id });
  }

  async removePhoto(manager: EntityManager, photo: PhotoEntity): Promise<void> {
    await manager.delete(PhotoEntity, { id: photo.id });
    await manager.decrement(AlbumEntity, { id: photo.albumId }, 'photoCount', 1);
  }

  /** The photos of an album below `before`, the newest first. */
  async photosOfAlbum(albumId: string, limit: number, before: string | null): Promise<PhotoEntity[]> {
    return this.photos('photo.albumId = :albumId', { albumId }, limit, before);
  }

  /** All of a person's photos below `before`, the newest first. */
  async photosOf(ownerId: string, limit: number, before: string | null): Promise<PhotoEntity[]> {
    return this.photos('photo.ownerId = :ownerId', { ownerId }, limit, before);
  }

  /** A person's photos below `before` in albums of these kinds, the newest first: a page of each album, however many photos there are. */
  async photosOfPerson(
    ownerId: string,
    visibilities: readonly AlbumVisibility[],
    limit: number,
    before: string | null,
  ): Promise<PhotoEntity[]> {
    return this.dataSource.query<PhotoEntity[]>(
      `SELECT p.id, p.album_id AS "albumId", p.owner_id AS "ownerId", p.image, p.created_at AS "createdAt" FROM albums a
       CROSS JOIN LATERAL (SELECT * FROM photos n WHERE n.album_id = a.id AND ($4::uuid IS NULL OR n.id < $4) ORDER BY n.id DESC LIMIT $3) p
       WHERE a.owner_id = $1 AND a.visibility = ANY($2::text[]) ORDER BY p.id DESC LIMIT $3`,
      [ownerId, visibilities, limit, before],
    );
  }

  private async photos(condition: string, parameters: object, limit: number, before: string | null): Promise<PhotoEntity[]> {
    const query = this.dataSource.manager
      .createQueryBuilder(PhotoEntity, 'photo')
      .where(condition, parameters)
      .orderBy('photo.id', 'DESC')
      .limit(limit);
    if (before !== null) query.andWhere('photo.id < :before', { before });
    return query.getMany();
  }
}
