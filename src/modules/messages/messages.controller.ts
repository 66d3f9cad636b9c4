import { Controller, Headers, Req } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import { parseInput } from '../../common/parse.js';
import type { Person, Principal } from '../../common/principal.js';
import { clientId, type EndpointInput, type EndpointReply, type endpoints } from '../../contracts/index.js';
import { type AppRequest, CurrentPerson, CurrentPrincipal, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { RoomsService } from '../rooms/index.js';
import { ImageMessages } from './image-messages.js';
import { MessageChanges } from './message-changes.js';
import { MessageLog } from './message-log.js';
import { RoomMedia } from './room-media.js';
import { MessagesService } from './messages.service.js';

type In<N extends keyof typeof endpoints> = EndpointInput<(typeof endpoints)[N]>;
type Out<N extends keyof typeof endpoints> = Promise<EndpointReply<(typeof endpoints)[N]>>;

const pageSize = 50;
const changesPage = 100;

/** Messages over REST. */
@Controller()
export class MessagesController {
  constructor(
    private readonly rooms: RoomsService,
    private readonly messages: MessagesService,
    private readonly images: ImageMessages,
    private readonly media: RoomMedia,
    private readonly log: MessageLog,
    private readonly changes: MessageChanges,
  ) {}

  @Endpoint('messages.list')
  async list(@CurrentPrincipal() principal: Principal, @Input() { params, query }: In<'messages.list'>): Out<'messages.list'> {
    const room = await this.rooms.readable(principal, params.room);
    const { messages, nextBefore, nextAfter, position, epoch } = await this.log.page(room.id, query.limit ?? pageSize, query);
    return { items: await this.log.forReader(principal, messages), nextBefore, nextAfter, position, epoch };
  }

  @Endpoint('messages.send')
  async send(
    @CurrentPerson() person: Person,
    @Input() { params, body }: In<'messages.send'>,
    @Headers('idempotency-key') key: string | undefined,
    @Req() { upload }: AppRequest,
  ): Out<'messages.send'> {
    const id = body.clientId ?? (key === undefined ? undefined : parseInput(clientId, key, 'Idempotency-Key'));
    const asked = { ...body, clientId: id };
    const written = await (upload ? this.images.send(person, params.room, asked, upload) : this.messages.send(person, params.room, asked));
    return { message: written.message };
  }

  @Endpoint('messages.media')
  async mediaOf(@CurrentPrincipal() principal: Principal, @Input() { params, query }: In<'messages.media'>): Out<'messages.media'> {
    const room = await this.rooms.readable(principal, params.room);
    const { items, nextCursor } = await this.media.page(room.id, { ...query, limit: query.limit ?? pageSize });
    return { items: await this.log.forReader(principal, items), nextCursor };
  }

  @Endpoint('messages.changes')
  async changesSince(
    @CurrentPrincipal() principal: Principal,
    @Input() { params, query }: In<'messages.changes'>,
  ): Out<'messages.changes'> {
    const room = await this.rooms.readable(principal, params.room);
    const changes = await this.log.changes(room.id, query.since, query.epoch, query.limit ?? changesPage);
    return { ...changes, items: await this.log.forReader(principal, changes.items) };
  }

  @Endpoint('messages.get')
  async get(@CurrentPrincipal() principal: Principal, @Input() { params }: In<'messages.get'>): Out<'messages.get'> {
    const room = await this.changes.roomOf(principal, params.id);
    const stored = await this.log.one(room.id, params.id);
    if (!stored) throw new AppError('message.not-found');
    const [message] = await this.log.forReader(principal, [stored]);
    return { message: message! };
  }

  @Endpoint('messages.edit')
  async edit(@CurrentPerson() person: Person, @Input() { params, body }: In<'messages.edit'>): Out<'messages.edit'> {
    return { message: await this.changes.edit(person, params.id, body.content) };
  }

  @Endpoint('messages.delete')
  async delete(@CurrentPerson() person: Person, @Input() { params }: In<'messages.delete'>): Out<'messages.delete'> {
    return { message: await this.changes.delete(person, params.id) };
  }

  @Endpoint('messages.react')
  async react(@CurrentPerson() person: Person, @Input() { params }: In<'messages.react'>): Out<'messages.react'> {
    return { message: await this.changes.react(person, params.id, params.emoji) };
  }

  @Endpoint('messages.unreact')
  async unreact(@CurrentPerson() person: Person, @Input() { params }: In<'messages.unreact'>): Out<'messages.unreact'> {
    return { message: await this.changes.unreact(person, params.id, params.emoji) };
  }
}
