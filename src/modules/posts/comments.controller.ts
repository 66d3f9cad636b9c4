import { Controller } from '@nestjs/common';
import type { Person } from '../../common/principal.js';
import type { EndpointInput, EndpointReply, endpoints } from '../../contracts/index.js';
import { CurrentPerson, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { CommentsService } from './comments.service.js';
import { MarksService } from './marks.service.js';

type In<N extends keyof typeof endpoints> = EndpointInput<(typeof endpoints)[N]>;
type Out<N extends keyof typeof endpoints> = Promise<EndpointReply<(typeof endpoints)[N]>>;

const pageSize = 50;

/** Comments, their likes and emojis over REST. */
@Controller()
export class CommentsController {
  constructor(
    private readonly comments: CommentsService,
    private readonly marks: MarksService,
  ) {}

  @Endpoint('comments.list')
  async list(@CurrentPerson() person: Person, @Input() { params, query }: In<'comments.list'>): Out<'comments.list'> {
    return this.comments.list(person, params.id, query.parent, query.limit ?? pageSize, query.cursor);
  }

  @Endpoint('comments.create')
  async create(@CurrentPerson() person: Person, @Input() { params, body }: In<'comments.create'>): Out<'comments.create'> {
    return { comment: await this.comments.create(person, params.id, body.content, body.parentId) };
  }

  @Endpoint('comments.update')
  async update(@CurrentPerson() person: Person, @Input() { params, body }: In<'comments.update'>): Out<'comments.update'> {
    return { comment: await this.comments.update(person, params.id, body.content) };
  }

  @Endpoint('comments.delete')
  async delete(@CurrentPerson() person: Person, @Input() { params }: In<'comments.delete'>): Out<'comments.delete'> {
    await this.comments.delete(person, params.id);
  }

  @Endpoint('comments.like')
  async like(@CurrentPerson() person: Person, @Input() { params }: In<'comments.like'>): Out<'comments.like'> {
    return this.marks.likeComment(person, params.id);
  }

  @Endpoint('comments.unlike')
  async unlike(@CurrentPerson() person: Person, @Input() { params }: In<'comments.unlike'>): Out<'comments.unlike'> {
    return this.marks.unlikeComment(person, params.id);
  }

  @Endpoint('comments.react')
  async react(@CurrentPerson() person: Person, @Input() { params }: In<'comments.react'>): Out<'comments.react'> {
    return { comment: await this.marks.reactToComment(person, params.id, params.emoji) };
  }

  @Endpoint('comments.unreact')
  async unreact(@CurrentPerson() person: Person, @Input() { params }: In<'comments.unreact'>): Out<'comments.unreact'> {
    return { comment: await this.marks.unreactToComment(person, params.id, params.emoji) };
  }
}
