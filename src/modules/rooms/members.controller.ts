import { Controller } from '@nestjs/common';
import type { Person } from '../../common/principal.js';
import type { EndpointInput, EndpointReply, endpoints } from '../../contracts/index.js';
import { CurrentPerson, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { MembersService } from './members.service.js';

type In<N extends keyof typeof endpoints> = EndpointInput<(typeof endpoints)[N]>;
type Out<N extends keyof typeof endpoints> = Promise<EndpointReply<(typeof endpoints)[N]>>;

/** Members, roles, kicks and bans over REST. */
@Controller()
export class MembersController {
  constructor(private readonly members: MembersService) {}

  @Endpoint('rooms.members.list')
  async list(@CurrentPerson() person: Person, @Input() { params, query }: In<'rooms.members.list'>): Out<'rooms.members.list'> {
    return this.members.list(person, params.room, query.limit, query.cursor);
  }

  @Endpoint('rooms.members.add')
  async add(@CurrentPerson() person: Person, @Input() { params, body }: In<'rooms.members.add'>): Out<'rooms.members.add'> {
    return { member: await this.members.add(person, params.room, body.username) };
  }

  @Endpoint('rooms.members.update')
  async update(@CurrentPerson() person: Person, @Input() { params, body }: In<'rooms.members.update'>): Out<'rooms.members.update'> {
    return { member: await this.members.setRole(person, params.room, params.userId, body.role) };
  }

  @Endpoint('rooms.members.remove')
  async remove(@CurrentPerson() person: Person, @Input() { params }: In<'rooms.members.remove'>): Out<'rooms.members.remove'> {
    await this.members.kick(person, params.room, params.userId);
  }

  @Endpoint('rooms.bans.list')
  async bans(@CurrentPerson() person: Person, @Input() { params, query }: In<'rooms.bans.list'>): Out<'rooms.bans.list'> {
    return this.members.bans(person, params.room, query.limit, query.cursor);
  }

  @Endpoint('rooms.bans.add')
  async ban(@CurrentPerson() person: Person, @Input() { params }: In<'rooms.bans.add'>): Out<'rooms.bans.add'> {
    await this.members.ban(person, params.room, params.userId);
  }

  @Endpoint('rooms.bans.remove')
  async unban(@CurrentPerson() person: Person, @Input() { params }: In<'rooms.bans.remove'>): Out<'rooms.bans.remove'> {
    await this.members.unban(person, params.room, params.userId);
  }

  @Endpoint('rooms.leave')
  async leave(@CurrentPerson() person: Person, @Input() { params }: In<'rooms.leave'>): Out<'rooms.leave'> {
    await this.members.leave(person, params.room);
  }

  @Endpoint('rooms.read')
  async read(@CurrentPerson() person: Person, @Input() { params, body }: In<'rooms.read'>): Out<'rooms.read'> {
    return this.members.read(person, params.room, body.seq);
  }
}
