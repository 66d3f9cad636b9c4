import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../common/app-error.js';
import type { Person, Principal } from '../../common/principal.js';
import type { EndpointInput, EndpointReply, endpoints } from '../../contracts/index.js';
import { CurrentPerson, CurrentPrincipal, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { type Upload, UploadedFile } from '../../platform/http/uploads/index.js';
import { FileAccess } from './file-access.js';
import { FileAddresses } from './file-addresses.js';
import { FileDelivery } from './file-delivery.js';
import { type FileRow, FilesRepository } from './files.repository.js';
import { FilesService } from './files.service.js';

type In<N extends keyof typeof endpoints> = EndpointInput<(typeof endpoints)[N]>;
type Out<N extends keyof typeof endpoints> = Promise<EndpointReply<(typeof endpoints)[N]>>;

/** Files over REST. */
@Controller()
export class FilesController {
  constructor(
    private readonly files: FilesService,
    private readonly repository: FilesRepository,
    private readonly access: FileAccess,
    private readonly addresses: FileAddresses,
    private readonly delivery: FileDelivery,
  ) {}

  @Endpoint('files.create')
  async create(@CurrentPerson() person: Person, @Input() _input: In<'files.create'>, @UploadedFile() upload: Upload): Out<'files.create'> {
    return this.files.create(person, upload);
  }

  @Endpoint('files.read')
  async read(
    @CurrentPrincipal() principal: Principal,
    @Input() { params, query }: In<'files.read'>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const file = await this.readable(principal, params.id);
    const seconds = this.access.openFor(file);
    await this.delivery.send(request, reply, file, query.size, { seconds, embeddable: seconds > 0 });
  }

  @Endpoint('files.delete')
  async delete(@CurrentPerson() person: Person, @Input() { params }: In<'files.delete'>): Out<'files.delete'> {
    await this.files.discard(person, params.id);
  }

  @Endpoint('files.address')
  async address(@CurrentPerson() person: Person, @Input() { params, body }: In<'files.address'>): Out<'files.address'> {
    const file = await this.readable(person, params.id);
    return this.addresses.make(file.id, body.size ?? (file.kind === 'image' ? 'full' : 'original'));
  }

  @Endpoint('files.signed')
  async signed(@Input() { params, query }: In<'files.signed'>, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    this.addresses.check(params.id, query);
    const file = await this.repository.find(params.id);
    if (!file) throw new AppError('file.not-found');
    await this.delivery.send(request, reply, file, query.size, { seconds: 0, embeddable: true });
  }

  /** Unknown, gone and not for this reader are the same answer. */
  private async readable(principal: Principal, id: string): Promise<FileRow> {
    const file = await this.repository.find(id);
    if (!file || !(await this.access.mayRead(principal, file))) throw new AppError('file.not-found');
    return file;
  }
}
