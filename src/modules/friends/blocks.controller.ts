import { Controller } from '@nestjs/common';
import type { Person } from '../../common/principal.js';
import type { EndpointInput, EndpointReply, endpoints } from '../../contracts/index.js';
import { CurrentPerson, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { BlocksService } from './blocks.service.js';

type In<N extends keyof typeof endpoints> = EndpointInput<(typeof endpoints)[N]>;
type Out<N extends keyof typeof endpoints> = Promise<EndpointReply<(typeof endpoints)[N]>>;

/** Blocks over REST. */
@Controller()
export class BlocksController {
  constructor(private readonly blocks: BlocksService) {}

  @Endpoint('blocks.list')
  async list(@CurrentPerson() person: Person, @Input() { query }: In<'blocks.list'>): Out<'blocks.list'> {
    return this.blocks.list(person, query);
  }

  @Endpoint('blocks.add')
  async add(@CurrentPerson() person: Person, @Input() { params }: In<'blocks.add'>): Out<'blocks.add'> {
    return { block: await this.blocks.block(person, params.username) };
  }

  @Endpoint('blocks.remove')
  async remove(@CurrentPerson() person: Person, @Input() { params }: In<'blocks.remove'>): Out<'blocks.remove'> {
    await this.blocks.unblock(person, params.username);
  }
}
