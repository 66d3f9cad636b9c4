import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { deriveKey } from '../../common/keys.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { DevMailboxController } from './dev-mailbox.controller.js';
import { DevMailbox } from './dev-mailbox.js';
import { LoopbackGuard } from './loopback.guard.js';
import { parseSender } from './mail-address.js';
import { MailCipher } from './mail-cipher.js';
import { MAIL_DELIVERY, MailQueue } from './mail-queue.js';
import { MailRetention } from './mail-retention.js';
import { MAIL_SENDER_OPTIONS, MailSender, mailSenderDefaults, type MailSenderOptions } from './mail-sender.js';
import { MailStore } from './mail-store.js';
import { MAIL_TRANSPORT } from './mail-transport.js';
import { MailEntity } from './mail.entity.js';
import { SmtpTransport } from './smtp-transport.js';

/** The settings that decide how mails leave. */
export type MailSettings = Pick<Settings, 'nodeEnv' | 'smtpUrl' | 'mailFrom'>;

/** Mails: the queue that features use, and the sender or, in development without SMTP, the mailbox. */
@Module({})
export class MailModule {
  /**
   * @param settings known before the modules are made, because a route that must not exist is not registered at all
   * @param options other times than the usual ones, for tests
   * @throws Error in words for a MAIL_FROM that is no address, and for production without SMTP
   */
  static forRoot(settings: MailSettings, options: Partial<MailSenderOptions> = {}): DynamicModule {
    const sender = parseSender(settings.mailFrom);
    if (settings.nodeEnv === 'production' && !settings.smtpUrl) throw new Error('SMTP_URL is missing: in production mails must be sent.');
    const { smtpUrl } = settings;
    const senderOptions: MailSenderOptions = { ...mailSenderDefaults, ...options };
    const bySmtp = (url: string): Provider[] => [
      { provide: MAIL_TRANSPORT, useFactory: () => new SmtpTransport(url, sender, senderOptions.concurrency) },
      { provide: MAIL_SENDER_OPTIONS, useValue: senderOptions },
      MailSender,
    ];
    return {
      module: MailModule,
      global: true,
      imports: [TypeOrmModule.forFeature([MailEntity])],
      controllers: smtpUrl ? [] : [DevMailboxController],
      providers: [
        {
          provide: MailCipher,
          inject: [SETTINGS],
          useFactory: ({ jwtAccessSecret }: Pick<Settings, 'jwtAccessSecret'>) =>
            new MailCipher(deriveKey(jwtAccessSecret, 'mail-payload')),
        },
        { provide: MAIL_DELIVERY, useValue: smtpUrl ? 'smtp' : 'mailbox' },
        MailStore,
        MailQueue,
        MailRetention,
        ...(smtpUrl ? bySmtp(smtpUrl) : [DevMailbox, LoopbackGuard]),
      ],
      exports: [MailQueue, MailStore, ...(smtpUrl ? [MailSender] : [])],
    };
  }
}
