import { Controller } from '@nestjs/common';
import type { Person } from '../../../common/principal.js';
import type { EndpointInput, EndpointReply, endpoints } from '../../../contracts/index.js';
import { CurrentPerson, Endpoint, Input } from '../../../platform/http/endpoint.decorator.js';
import { CallerAddress } from '../../../platform/rate-limit/index.js';
import { InvitationsService } from './invitations.service.js';

type In<N extends keyof typeof endpoints> = EndpointInput<(typeof endpoints)[N]>;
type Out<N extends keyof typeof endpoints> = Promise<EndpointReply<(typeof endpoints)[N]>>;

/** Invitations by link over REST. */
@Controller()
export class InvitationsController {
  constructor(private readonly invitations: InvitationsService) {}

  @Endpoint('invitations.create')
  async create(@CurrentPerson() person: Person, @Input() { params, body }: In<'invitations.create'>): Out<'invitations.create'> {
    return { invitation: await this.invitations.create(person, params.room, body) };
  }

  @Endpoint('invitations.list')
  async list(@CurrentPerson() person: Person, @Input() { params, query }: In<'invitations.list'>): Out<'invitations.list'> {
    return this.invitations.list(person, params.room, query.limit, query.cursor);
  }

  @Endpoint('invitations.withdraw')
  async withdraw(@CurrentPerson() person: Person, @Input() { params }: In<'invitations.withdraw'>): Out<'invitations.withdraw'> {
    await this.invitations.withdraw(person, params.room, params.id);
  }

  @Endpoint('invitations.preview')
  async preview(@CallerAddress() address: string, @Input() { params }: In<'invitations.preview'>): Out<'invitations.preview'> {
    return { invitation: await this.invitations.preview(address, params.code) };
  }

  @Endpoint('invitations.accept')
  async accept(@CurrentPerson() person: Person, @Input() { params }: In<'invitations.accept'>): Out<'invitations.accept'> {
    return { room: await this.invitations.accept(person, params.code) };
  }
}
