import { Controller } from '@nestjs/common';
import type { Person } from '../../common/principal.js';
import type { EndpointInput, EndpointReply, endpoints } from '../../contracts/index.js';
import { CurrentPerson, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { MarksService } from './marks.service.js';
import { PostsService } from './posts.service.js';
import { TagsRepository } from './tags.repository.js';

type In<N extends keyof typeof endpoints> = EndpointInput<(typeof endpoints)[N]>;
type Out<N extends keyof typeof endpoints> = Promise<EndpointReply<(typeof endpoints)[N]>>;

const pageSize = 50;

/** Posts, their likes and emojis, and tags over REST. */
@Controller()
export class PostsController {
  constructor(
    private readonly posts: PostsService,
    private readonly marks: MarksService,
    private readonly tags: TagsRepository,
  ) {}

  @Endpoint('posts.list')
  async list(@CurrentPerson() person: Person, @Input() { query }: In<'posts.list'>): Out<'posts.list'> {
    return this.posts.feed(person, query);
  }

  @Endpoint('posts.create')
  async create(@CurrentPerson() person: Person, @Input() { body }: In<'posts.create'>): Out<'posts.create'> {
    return { post: await this.posts.create(person, body) };
  }

  @Endpoint('posts.cards')
  async cards(@CurrentPerson() person: Person, @Input() { query }: In<'posts.cards'>): Out<'posts.cards'> {
    return { items: await this.posts.cards(person, query.ids) };
  }

  @Endpoint('posts.get')
  async get(@CurrentPerson() person: Person, @Input() { params }: In<'posts.get'>): Out<'posts.get'> {
    return { post: await this.posts.get(person, params.id) };
  }

  @Endpoint('posts.update')
  async update(@CurrentPerson() person: Person, @Input() { params, body }: In<'posts.update'>): Out<'posts.update'> {
    return { post: await this.posts.update(person, params.id, body) };
  }

  @Endpoint('posts.delete')
  async delete(@CurrentPerson() person: Person, @Input() { params }: In<'posts.delete'>): Out<'posts.delete'> {
    await this.posts.delete(person, params.id);
  }

  @Endpoint('posts.links.delete')
  async deleteLink(@CurrentPerson() person: Person, @Input() { params }: In<'posts.links.delete'>): Out<'posts.links.delete'> {
    return { post: await this.posts.deleteLink(person, params.id, params.linkId) };
  }

  @Endpoint('posts.like')
  async like(@CurrentPerson() person: Person, @Input() { params }: In<'posts.like'>): Out<'posts.like'> {
    return this.marks.likePost(person, params.id);
  }

  @Endpoint('posts.unlike')
  async unlike(@CurrentPerson() person: Person, @Input() { params }: In<'posts.unlike'>): Out<'posts.unlike'> {
    return this.marks.unlikePost(person, params.id);
  }

  @Endpoint('posts.react')
  async react(@CurrentPerson() person: Person, @Input() { params }: In<'posts.react'>): Out<'posts.react'> {
    return { post: await this.marks.reactToPost(person, params.id, params.emoji) };
  }

  @Endpoint('posts.unreact')
  async unreact(@CurrentPerson() person: Person, @Input() { params }: In<'posts.unreact'>): Out<'posts.unreact'> {
    return { post: await this.marks.unreactToPost(person, params.id, params.emoji) };
  }

  @Endpoint('posts.likers')
  async likers(@CurrentPerson() person: Person, @Input() { params, query }: In<'posts.likers'>): Out<'posts.likers'> {
    return this.posts.likers(person, params.id, query.limit ?? pageSize, query.cursor);
  }

  @Endpoint('tags.list')
  async listTags(@Input() { query }: In<'tags.list'>): Out<'tags.list'> {
    return { items: await this.tags.list(query.query, query.limit ?? pageSize) };
  }
}
