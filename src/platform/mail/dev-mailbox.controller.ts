import { Controller, Get, Header, NotFoundException, Param, Query, SetMetadata, UseGuards } from '@nestjs/common';
import { DevMailbox, type MailboxMail } from './dev-mailbox.js';
import { mailboxPage } from './dev-mailbox-page.js';
import { LoopbackGuard } from './loopback.guard.js';

/** Mails on one page; the JSON gives them all. */
const pageSize = 100;

const contentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** No script, no frame, nothing kept, nothing told to the pages that links lead to. */
function Sealed(): MethodDecorator {
  const headers = [
    Header('content-security-policy', contentSecurityPolicy),
    Header('cache-control', 'no-store'),
    Header('referrer-policy', 'no-referrer'),
    Header('x-content-type-options', 'nosniff'),
    Header('cross-origin-resource-policy', 'same-origin'),
  ];
  return (target, key, descriptor) => headers.forEach((header) => header(target, key, descriptor));
}

const html = 'text/html; charset=utf-8';

/** The development mailbox. Registered only without SMTP and outside production; open to this machine alone. */
@Controller()
@UseGuards(LoopbackGuard)
export class DevMailboxController {
  constructor(private readonly mailbox: DevMailbox) {}

  @Get('/dev/mail')
  @SetMetadata('endpoint', { access: 'public', undocumented: true })
  @Sealed()
  @Header('content-type', html)
  async page(): Promise<string> {
    return mailboxPage(await this.mailbox.list(undefined, pageSize));
  }

  @Get('/dev/mail.json')
  @SetMetadata('endpoint', { access: 'public', undocumented: true })
  @Sealed()
  async json(@Query('to') to?: unknown): Promise<MailboxMail[]> {
    const mails = await this.mailbox.list(typeof to === 'string' && to !== '' ? to : undefined);
    return mails.map(({ id: _id, ...mail }) => mail);
  }

  @Get('/dev/mail/:id')
  @SetMetadata('endpoint', { access: 'public', undocumented: true })
  @Sealed()
  @Header('content-type', html)
  async mail(@Param('id') id: string): Promise<string> {
    const mail = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? await this.mailbox.find(id) : null;
    if (!mail) throw new NotFoundException();
    return mail.html;
  }
}
