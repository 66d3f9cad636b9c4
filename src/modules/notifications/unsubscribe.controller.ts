import { Controller, Get, Header, HttpCode, Post, Query, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { apiPrefix, unsubscribePath } from '../../contracts/index.js';
import { PublicRoute } from '../../platform/http/endpoint.decorator.js';
import { UserDirectory } from '../users/index.js';
import { NotificationsService } from './notifications.service.js';
import { UnsubscribeLinks } from './unsubscribe-links.js';
import { unsubscribePage, type UnsubscribeStep } from './unsubscribe-page.js';

const contentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const html = 'text/html; charset=utf-8';

/** The end of the mails, from a mail: opening the link asks, and only the answer acts, because programs open links, too (RFC 8058). */
@Controller()
export class UnsubscribeController {
  constructor(
    private readonly links: UnsubscribeLinks,
    private readonly notifications: NotificationsService,
    private readonly users: UserDirectory,
  ) {}

  @Get(apiPrefix + unsubscribePath)
  @PublicRoute()
  @Header('content-security-policy', contentSecurityPolicy)
  @Header('content-type', html)
  async ask(@Query('token') token: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.page(token, 'ask', reply);
  }

  @Post(apiPrefix + unsubscribePath)
  @HttpCode(200)
  @RouteConfig({ takesForm: true, takesPageForm: true })
  @PublicRoute()
  @Header('content-security-policy', contentSecurityPolicy)
  @Header('content-type', html)
  async act(@Query('token') token: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.page(token, 'done', reply);
  }

  private async page(token: unknown, step: UnsubscribeStep, reply: FastifyReply): Promise<string> {
    const userId = typeof token === 'string' ? this.links.read(token) : null;
    const person = userId === null ? null : await this.users.load(userId);
    if (!person) {
      void reply.status(404);
      return unsubscribePage('en', 'unknown');
    }
    if (step === 'done') await this.notifications.changePreferences(person.id, { mail: false });
    return unsubscribePage(person.locale, step);
  }
}
