import { Controller } from '@nestjs/common';
import { invalidFields } from '../../common/parse.js';
import type { Person } from '../../common/principal.js';
import type { EndpointInput, EndpointReply, endpoints } from '../../contracts/index.js';
import { CurrentPerson, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { type Upload, UploadedFile } from '../../platform/http/uploads/index.js';
import { AlbumsService } from './albums.service.js';
import { PhotosService } from './photos.service.js';

type In<N extends keyof typeof endpoints> = EndpointInput<(typeof endpoints)[N]>;
type Out<N extends keyof typeof endpoints> = Promise<EndpointReply<(typeof endpoints)[N]>>;

@Controller()
export class AlbumsController {
  constructor(
    private readonly albums: AlbumsService,
    private readonly photos: PhotosService,
  ) {}

  @Endpoint('albums.list')
  async list(@CurrentPerson() person: Person, @Input() { query }: In<'albums.list'>): Out<'albums.list'> {
    return this.albums.own(person, query);
  }

  @Endpoint('albums.of-person')
  async ofPerson(@CurrentPerson() person: Person, @Input() { params, query }: In<'albums.of-person'>): Out<'albums.of-person'> {
    return this.albums.ofPerson(person, params.username, query);
  }

  @Endpoint('albums.create')
  async create(@CurrentPerson() person: Person, @Input() { body }: In<'albums.create'>): Out<'albums.create'> {
    return { album: await this.albums.create(person, body) };
  }

  @Endpoint('albums.get')
  async get(@CurrentPerson() person: Person, @Input() { params }: In<'albums.get'>): Out<'albums.get'> {
    return { album: await this.albums.get(person, params.id) };
  }

  @Endpoint('albums.update')
  async update(@CurrentPerson() person: Person, @Input() { params, body }: In<'albums.update'>): Out<'albums.update'> {
    return { album: await this.albums.update(person, params.id, body) };
  }

  @Endpoint('albums.delete')
  async delete(@CurrentPerson() person: Person, @Input() { params }: In<'albums.delete'>): Out<'albums.delete'> {
    await this.albums.delete(person, params.id);
  }

  @Endpoint('albums.photos.add')
  async addPhotos(
    @CurrentPerson() person: Person,
    @Input() { params, body }: In<'albums.photos.add'>,
    @UploadedFile() upload: Upload | undefined,
  ): Out<'albums.photos.add'> {
    if (upload) return { items: await this.photos.upload(person, params.id, upload) };
    if (!body.fileIds) throw invalidFields([{ field: 'fileIds', code: 'required', message: 'is required' }]);
    return { items: await this.photos.add(person, params.id, body.fileIds) };
  }

  @Endpoint('photos.list')
  async listPhotos(@CurrentPerson() person: Person, @Input() { query }: In<'photos.list'>): Out<'photos.list'> {
    return this.photos.list(person, query, query);
  }

  @Endpoint('photos.get')
  async getPhoto(@CurrentPerson() person: Person, @Input() { params }: In<'photos.get'>): Out<'photos.get'> {
    return { photo: await this.photos.get(person, params.id) };
  }

  @Endpoint('photos.delete')
  async deletePhoto(@CurrentPerson() person: Person, @Input() { params }: In<'photos.delete'>): Out<'photos.delete'> {
    await this.photos.delete(person, params.id);
  }
}
