import { Controller } from '@nestjs/common';
import type { Person } from '../../common/principal.js';
import type { EndpointInput, EndpointReply, endpoints } from '../../contracts/index.js';
import { CurrentPerson, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { Announcements } from './announcements.js';
import { NotificationsService } from './notifications.service.js';
import { RoomLevels } from './room-levels.js';

type In<N extends keyof typeof endpoints> = EndpointInput<(typeof endpoints)[N]>;
type Out<N extends keyof typeof endpoints> = Promise<EndpointReply<(typeof endpoints)[N]>>;

/** Notifications over REST. */
@Controller()
export class NotificationsController {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly levels: RoomLevels,
    private readonly announcements: Announcements,
  ) {}

  @Endpoint('notifications.list')
  async list(@CurrentPerson() person: Person, @Input() { query }: In<'notifications.list'>): Out<'notifications.list'> {
    return this.notifications.list(person.userId, { ...query, unread: query.unread === 'true' });
  }

  @Endpoint('notifications.read')
  async read(@CurrentPerson() person: Person, @Input() { body }: In<'notifications.read'>): Out<'notifications.read'> {
    return { unreadCount: await this.notifications.read(person.userId, 'ids' in body ? body.ids : null) };
  }

  @Endpoint('notifications.remove')
  async remove(@CurrentPerson() person: Person, @Input() { params }: In<'notifications.remove'>): Out<'notifications.remove'> {
    await this.notifications.remove(person.userId, params.id);
  }

  @Endpoint('notifications.preferences.get')
  async preferences(@CurrentPerson() person: Person): Out<'notifications.preferences.get'> {
    return this.notifications.preferences(person.userId);
  }

  @Endpoint('notifications.preferences.update')
  async changePreferences(
    @CurrentPerson() person: Person,
    @Input() { body }: In<'notifications.preferences.update'>,
  ): Out<'notifications.preferences.update'> {
    return this.notifications.changePreferences(person.userId, body);
  }

  @Endpoint('notifications.room.get')
  async level(@CurrentPerson() person: Person, @Input() { params }: In<'notifications.room.get'>): Out<'notifications.room.get'> {
    return { level: await this.levels.of(person, params.room) };
  }

  @Endpoint('notifications.room.update')
  async setLevel(
    @CurrentPerson() person: Person,
    @Input() { params, body }: In<'notifications.room.update'>,
  ): Out<'notifications.room.update'> {
    return { level: await this.levels.set(person, params.room, body.level) };
  }

  @Endpoint('announcements.create')
  async announce(@CurrentPerson() person: Person, @Input() { body }: In<'announcements.create'>): Out<'announcements.create'> {
    return { announcement: await this.announcements.announce(person, body.message) };
  }
}
