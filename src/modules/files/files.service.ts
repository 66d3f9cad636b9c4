import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { newId } from '../../common/ids.js';
import type { Person } from '../../common/principal.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import type { Attachment } from '../../contracts/index.js';
import { afterCommit } from '../../database/index.js';
import type { Upload } from '../../platform/http/uploads/index.js';
import type { StoredContent } from '../../platform/storage/index.js';
import type { StoredSize } from './entities/file.entity.js';
import { FileObjects, type ObjectName } from './file-objects.js';
import { FileRemovals } from './file-removals.js';
import { typeOfFile } from './file-types.js';
import { viewOf } from './file-views.js';
import { type FileRow, FilesRepository, type NewFile } from './files.repository.js';
import { ImageProcessor, imageSizes, type ImageSizeName, type MadeImage } from './image-processor.js';

/** Bytes of a picture as it arrives. */
export const largestImage = 10 * 1024 * 1024;

export interface FileDemands {
  /** Anything but a picture is refused with `file.not-image`. */
  imagesOnly?: boolean;
}

/** A file of a person. */
export type OwnedFile = Pick<FileRow, 'id' | 'kind' | 'name' | 'mime'>;

/** A file that is about to be stored, and its objects. */
interface Prepared {
  file: NewFile;
  objects: [ObjectName, StoredContent][];
}

/** Files: taking them in, tying them to what they belong to, letting them go. */
@Injectable()
export class FilesService {
  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'filesQuota'>,
    private readonly repository: FilesRepository,
    private readonly objects: FileObjects,
    private readonly images: ImageProcessor,
    private readonly removals: FileRemovals,
  ) {}

  /**
   * Stores an upload as a file of this person that belongs to nothing yet: `attach` it within 24 hours, or it is removed.
   * @throws AppError `file.empty`, `file.type-unsupported`, `file.not-image`, `file.too-large`, `file.broken`, `file.too-many-pixels`,
   *   `file.quota-exceeded`, `server.busy`, `storage.unavailable`
   */
  async create(person: Pick<Person, 'userId'>, upload: Upload, demands: FileDemands = {}): Promise<Attachment> {
    if ((await this.repository.usage(person.userId)) >= this.settings.filesQuota) throw new AppError('file.quota-exceeded');
    const { file, objects } = await this.prepare(person.userId, upload, demands);
    // The row comes first: whatever happens while the objects are stored, housekeeping knows where they lie.
    if (!(await this.repository.begin(file, this.settings.filesQuota))) throw new AppError('file.quota-exceeded');
    try {
      for (const [name, content] of objects) await this.objects.store(file.id, name, content);
      if (!(await this.repository.complete(file.id))) throw new AppError('storage.unavailable', { retryAfter: 5 });
    } catch (error) {
      await this.removals.giveUp([file.id]);
      throw error;
    }
    return viewOf({ ...file, owner_id: file.ownerId, attached_kind: null, attached_id: null });
  }

  /**
   * Ties files to what they belong to, in the caller's transaction. Rows are locked in id order until it ends.
   * @param target its kind must be registered with `FileAccess`; `id` is what the rule is asked about
   * @returns the files in the order of `fileIds`
   * @throws AppError `file.not-found` when one is unknown, somebody else's or in use already (none is tied then), `file.not-image`
   */
  async attach(
    manager: EntityManager,
    ownerId: string,
    fileIds: readonly string[],
    target: { kind: string; id: string },
    demands: FileDemands = {},
  ): Promise<Attachment[]> {
    if (fileIds.length === 0) return [];
    const rows = new Map((await this.repository.lockFree(manager, ownerId, fileIds)).map((row) => [row.id, row]));
    const found = fileIds.map((id) => rows.get(id));
    if (rows.size !== fileIds.length || !found.every((row) => row !== undefined)) throw new AppError('file.not-found');
    if (demands.imagesOnly && found.some((row) => row.kind !== 'image')) throw new AppError('file.not-image');
    await this.repository.attach(manager, fileIds, target);
    return found.map(viewOf);
  }

  /** Lets files go, in the caller's transaction: from its commit on nobody can read them, and soon after their bytes are gone. */
  async release(manager: EntityManager, fileIds: readonly string[]): Promise<void> {
    if (fileIds.length === 0) return;
    const gone = await this.repository.release(manager, fileIds);
    if (gone.length > 0) afterCommit(manager, () => this.removals.soon(gone));
  }

  /** Files as clients see them, by id; those that are gone are left out. */
  async viewsOf(ids: readonly string[]): Promise<Map<string, Attachment>> {
    const rows = await this.repository.findMany(ids);
    return new Map(rows.map((row) => [row.id, viewOf(row)]));
  }

  /** Lets a person's file go if it belongs to nothing; for what was uploaded for a purpose that came to nothing. */
  async abandon(ownerId: string, id: string): Promise<void> {
    if (await this.repository.releaseFree(ownerId, id)) this.removals.soon([id]);
  }

  /** Removes one's own file that belongs to nothing. @throws AppError `file.not-found`, `file.in-use` */
  async discard(person: Person, id: string): Promise<void> {
    if (await this.repository.releaseFree(person.userId, id)) {
      this.removals.soon([id]);
      return;
    }
    const file = await this.repository.find(id);
    throw new AppError(file?.owner_id === person.userId ? 'file.in-use' : 'file.not-found');
  }

  /** A person's own files, oldest first, for whoever hands them all out. */
  async ownedBy(ownerId: string): Promise<OwnedFile[]> {
    const rows = await this.repository.ownedBy(ownerId);
    return rows.map(({ id, kind, name, mime }) => ({ id, kind, name, mime }));
  }

  /** The bytes of a file in its largest size; null when it is gone. @throws AppError `storage.unavailable` */
  async read({ id, kind }: Pick<OwnedFile, 'id' | 'kind'>): Promise<Readable | null> {
    const [file] = await this.repository.findMany([id]);
    const stored = file?.sizes[kind === 'image' ? 'full' : 'original'];
    return stored ? ((await this.objects.read(id, stored.object))?.stream ?? null) : null;
  }

  /**
   * Lets every file of a person go and removes the bytes; only what belongs to something of this kind stays there, as nobody's. May be done again.
   * @returns whether nothing is left; the storage may be down
   */
  async eraseOwner(ownerId: string, { keeping }: { keeping: string }): Promise<boolean> {
    await this.repository.disown(ownerId, keeping);
    await this.removals.removeNow(await this.repository.releaseOwned(ownerId));
    return !(await this.repository.anyOf(ownerId));
  }

  private async prepare(ownerId: string, upload: Upload, { imagesOnly }: FileDemands): Promise<Prepared> {
    const { path, bytes, name, claimedType } = upload;
    const type = await typeOfFile(path, { name, type: claimedType });
    const common = { id: newId(), ownerId, kind: type.kind, name, mime: type.mime };
    if (type.kind === 'image') {
      if (bytes > largestImage) throw new AppError('file.too-large');
      return preparedImage(common, await this.images.process(path, type.format));
    }
    if (imagesOnly) throw new AppError('file.not-image');
    const sizes = { original: { object: 'original', bytes } };
    return { file: { ...common, bytes, width: null, height: null, sizes }, objects: [['original', { path }]] };
  }
}

function preparedImage(common: Pick<NewFile, 'id' | 'ownerId' | 'kind' | 'name' | 'mime'>, made: MadeImage): Prepared {
  const objects: [ObjectName, Buffer][] = [];
  const sizes: Record<string, StoredSize> = {};
  for (const name of Object.keys(imageSizes) as ImageSizeName[]) {
    const { data, width, height } = made[name];
    const same = objects.find(([, stored]) => stored === data)?.[0];
    if (!same) objects.push([name, data]);
    sizes[name] = { object: same ?? name, bytes: data.length, width, height };
  }
  const bytes = objects.reduce((sum, [, data]) => sum + data.length, 0);
  return { file: { ...common, bytes, width: made.full.width, height: made.full.height, sizes }, objects };
}
