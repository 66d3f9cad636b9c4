import { Readable } from 'node:stream';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Person } from '../../common/principal.js';
import type { EndpointInput, EndpointReply, endpoints } from '../../contracts/index.js';
import { CurrentPerson, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { attachmentDisposition } from '../../platform/http/uploads/index.js';
import { DeletionsService } from './deletion/deletions.service.js';
import { ExportsService } from './exports/exports.service.js';

type In<N extends keyof typeof endpoints> = EndpointInput<(typeof endpoints)[N]>;
type Out<N extends keyof typeof endpoints> = Promise<EndpointReply<(typeof endpoints)[N]>>;

/** One's own data over REST: the archive, and the end of the account. */
@Controller()
export class PrivacyController {
  constructor(
    private readonly exports: ExportsService,
    private readonly deletions: DeletionsService,
  ) {}

  @Endpoint('privacy.export.start')
  async start(@CurrentPerson() person: Person): Out<'privacy.export.start'> {
    return { export: await this.exports.start(person) };
  }

  @Endpoint('privacy.export.state')
  async exportState(@CurrentPerson() person: Person): Out<'privacy.export.state'> {
    return { export: await this.exports.state(person) };
  }

  @Endpoint('privacy.export.cancel')
  async cancelExport(@CurrentPerson() person: Person): Out<'privacy.export.cancel'> {
    await this.exports.cancel(person);
  }

  @Endpoint('privacy.export.address')
  async address(@CurrentPerson() person: Person): Out<'privacy.export.address'> {
    return this.exports.address(person);
  }

  @Endpoint('privacy.export.download')
  async download(
    @Input() { params, query }: In<'privacy.export.download'>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { stream, bytes, madeAt } = await this.exports.open(params.id, query);
    void reply.headers({
      'content-type': 'application/zip',
      'content-length': String(bytes),
      'content-disposition': attachmentDisposition(`parley-${madeAt.toISOString().slice(0, 10)}.zip`),
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    });
    // Fastify writes a length of 0 over ours unless there is a stream.
    void reply.send(request.method === 'HEAD' ? Readable.from([]) : stream());
  }

  @Endpoint('privacy.deletion.request')
  async requestDeletion(
    @CurrentPerson() person: Person,
    @Input() { body }: In<'privacy.deletion.request'>,
  ): Out<'privacy.deletion.request'> {
    return { deletion: await this.deletions.request(person, body.password, body.messages ?? 'keep') };
  }

  @Endpoint('privacy.deletion.state')
  async deletionState(@CurrentPerson() person: Person): Out<'privacy.deletion.state'> {
    return { deletion: await this.deletions.state(person) };
  }

  @Endpoint('privacy.deletion.cancel')
  async cancelDeletion(@CurrentPerson() person: Person): Out<'privacy.deletion.cancel'> {
    await this.deletions.cancel(person);
  }
}
