import { Controller } from '@nestjs/common';
import type { Person } from '../../common/principal.js';
import type { EndpointInput, EndpointReply, endpoints } from '../../contracts/index.js';
import { CurrentPerson, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { type Upload, UploadedFile } from '../../platform/http/uploads/index.js';
import { RateLimiter } from '../../platform/rate-limit/index.js';
import { UsersService } from '../users/index.js';
import { AvatarsService } from './avatars.service.js';

type In<N extends keyof typeof endpoints> = EndpointInput<(typeof endpoints)[N]>;
type Out<N extends keyof typeof endpoints> = Promise<EndpointReply<(typeof endpoints)[N]>>;

@Controller()
export class AvatarsController {
  constructor(
    private readonly avatars: AvatarsService,
    private readonly users: UsersService,
    private readonly limits: RateLimiter,
  ) {}

  @Endpoint('avatars.create')
  async create(
    @CurrentPerson() person: Person,
    @Input() _input: In<'avatars.create'>,
    @UploadedFile() upload: Upload,
  ): Out<'avatars.create'> {
    return { avatar: await this.avatars.create(person, upload) };
  }

  @Endpoint('avatars.clear')
  async clear(@CurrentPerson() person: Person): Out<'avatars.clear'> {
    await this.limits.consume('profile:person', person.userId);
    await this.avatars.clear(person);
  }

  @Endpoint('avatars.list')
  async list(@CurrentPerson() person: Person, @Input() { query }: In<'avatars.list'>): Out<'avatars.list'> {
    return this.avatars.list(person, query);
  }

  @Endpoint('avatars.activate')
  async activate(@CurrentPerson() person: Person, @Input() { params }: In<'avatars.activate'>): Out<'avatars.activate'> {
    await this.limits.consume('profile:person', person.userId);
    return { avatar: await this.avatars.activate(person, params.id) };
  }

  @Endpoint('avatars.delete')
  async delete(@CurrentPerson() person: Person, @Input() { params }: In<'avatars.delete'>): Out<'avatars.delete'> {
    await this.avatars.delete(person, params.id);
  }

  @Endpoint('signature.replace')
  async replaceSignature(
    @CurrentPerson() person: Person,
    @Input() _input: In<'signature.replace'>,
    @UploadedFile() upload: Upload,
  ): Out<'signature.replace'> {
    await this.avatars.replaceSignature(person, upload);
    return this.users.me(person.userId);
  }

  @Endpoint('signature.delete')
  async deleteSignature(@CurrentPerson() person: Person): Out<'signature.delete'> {
    await this.avatars.deleteSignature(person);
  }
}
