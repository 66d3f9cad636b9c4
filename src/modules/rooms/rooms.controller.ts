import { Controller } from '@nestjs/common';
import type { Person, Principal } from '../../common/principal.js';
import type { EndpointInput, EndpointReply, endpoints } from '../../contracts/index.js';
import { CurrentPerson, CurrentPrincipal, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { GroupsService } from './groups.service.js';
import { RoomList } from './room-list.js';
import { RoomsService } from './rooms.service.js';

type In<N extends keyof typeof endpoints> = EndpointInput<(typeof endpoints)[N]>;
type Out<N extends keyof typeof endpoints> = Promise<EndpointReply<(typeof endpoints)[N]>>;

/** Rooms over REST. */
@Controller()
export class RoomsController {
  constructor(
    private readonly rooms: RoomsService,
    private readonly groups: GroupsService,
    private readonly roomList: RoomList,
  ) {}

  @Endpoint('rooms.list')
  async list(@CurrentPrincipal() principal: Principal, @Input() { query }: In<'rooms.list'>): Out<'rooms.list'> {
    const filter = { query: query.query, kind: query.kind, mine: query.mine === 'true', archived: query.archived === 'true' };
    return this.roomList.page(principal, filter, query.limit, query.cursor);
  }

  @Endpoint('rooms.create')
  async create(@CurrentPerson() person: Person, @Input() { body }: In<'rooms.create'>): Out<'rooms.create'> {
    return { room: await this.groups.create(person, body) };
  }

  @Endpoint('rooms.direct')
  async direct(@CurrentPerson() person: Person, @Input() { body }: In<'rooms.direct'>): Out<'rooms.direct'> {
    const { id } = await this.rooms.direct(person, body.username);
    return { room: await this.rooms.view(person, id) };
  }

  @Endpoint('rooms.get')
  async get(@CurrentPrincipal() principal: Principal, @Input() { params }: In<'rooms.get'>): Out<'rooms.get'> {
    return { room: await this.rooms.view(principal, await this.rooms.resolve(principal, params.room)) };
  }

  @Endpoint('rooms.update')
  async update(@CurrentPerson() person: Person, @Input() { params, body }: In<'rooms.update'>): Out<'rooms.update'> {
    return { room: await this.groups.update(person, params.room, body) };
  }

  @Endpoint('rooms.delete')
  async delete(@CurrentPerson() person: Person, @Input() { params }: In<'rooms.delete'>): Out<'rooms.delete'> {
    await this.groups.remove(person, params.room);
  }

  @Endpoint('rooms.join')
  async join(@CurrentPerson() person: Person, @Input() { params }: In<'rooms.join'>): Out<'rooms.join'> {
    return { room: await this.rooms.join(person, params.room) };
  }
}
