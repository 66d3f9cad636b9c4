import { Controller } from '@nestjs/common';
import type { Person } from '../../common/principal.js';
import type { EndpointInput, EndpointReply, endpoints } from '../../contracts/index.js';
import { CurrentPerson, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { FriendRequests } from './friend-requests.service.js';
import { FriendsService } from './friends.service.js';

type In<N extends keyof typeof endpoints> = EndpointInput<(typeof endpoints)[N]>;
type Out<N extends keyof typeof endpoints> = Promise<EndpointReply<(typeof endpoints)[N]>>;

/** Friends over REST. */
@Controller()
export class FriendsController {
  constructor(
    private readonly friends: FriendsService,
    private readonly requests: FriendRequests,
  ) {}

  @Endpoint('friends.list')
  async list(@CurrentPerson() person: Person, @Input() { query }: In<'friends.list'>): Out<'friends.list'> {
    return this.friends.list(person, query);
  }

  @Endpoint('friends.counters')
  async counters(@CurrentPerson() person: Person): Out<'friends.counters'> {
    return this.friends.counters(person.userId);
  }

  @Endpoint('friends.remove')
  async remove(@CurrentPerson() person: Person, @Input() { params }: In<'friends.remove'>): Out<'friends.remove'> {
    await this.friends.remove(person, params.username);
  }

  @Endpoint('friends.requests.list')
  async listRequests(@CurrentPerson() person: Person, @Input() { query }: In<'friends.requests.list'>): Out<'friends.requests.list'> {
    return this.friends.requests(person, query.direction ?? 'in', query);
  }

  @Endpoint('friends.requests.send')
  async send(@CurrentPerson() person: Person, @Input() { body }: In<'friends.requests.send'>): Out<'friends.requests.send'> {
    return this.requests.send(person, body.username);
  }

  @Endpoint('friends.requests.accept')
  async accept(@CurrentPerson() person: Person, @Input() { params }: In<'friends.requests.accept'>): Out<'friends.requests.accept'> {
    return { friend: await this.requests.accept(person, params.id) };
  }

  @Endpoint('friends.requests.reject')
  async reject(@CurrentPerson() person: Person, @Input() { params }: In<'friends.requests.reject'>): Out<'friends.requests.reject'> {
    await this.requests.reject(person, params.id);
  }

  @Endpoint('friends.requests.withdraw')
  async withdraw(@CurrentPerson() person: Person, @Input() { params }: In<'friends.requests.withdraw'>): Out<'friends.requests.withdraw'> {
    await this.requests.withdraw(person, params.id);
  }

  @Endpoint('friends.suggestions.list')
  async suggestions(@CurrentPerson() person: Person, @Input() { query }: In<'friends.suggestions.list'>): Out<'friends.suggestions.list'> {
    return this.friends.suggest(person, query);
  }

  @Endpoint('friends.suggestions.hide')
  async hide(@CurrentPerson() person: Person, @Input() { params }: In<'friends.suggestions.hide'>): Out<'friends.suggestions.hide'> {
    await this.friends.hideSuggestion(person, params.username);
  }
}
