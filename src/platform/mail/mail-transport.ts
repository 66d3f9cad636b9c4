import type { RenderedMail } from './render/render-mail.js';

/** A mail on its way. */
export interface OutgoingMail extends Pick<RenderedMail, 'subject' | 'text' | 'html'> {
  /** The mail's own id; the same at each attempt, so that a receiver can tell a repetition. */
  id: string;
  /** Exactly one address. */
  to: string;
  unsubscribe?: string | null;
}

/** Hands mails to a server. */
export interface MailTransport {
  /**
   * Resolves when the server has taken the mail.
   * @throws MailRefused otherwise; a mail that was cut off midway may have been taken all the same
   */
  send(mail: OutgoingMail, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** The injection token of `MailTransport`. */
export const MAIL_TRANSPORT = Symbol('MAIL_TRANSPORT');

/**
 * Whose fault a refusal is: the whole `server` does not work now, this one `mail` was not taken, or it can `never` be.
 */
export type RefusalScope = 'server' | 'mail' | 'never';

/** A mail was not taken. The code is one such as `EENVELOPE 550`: a server's own words may quote the mail. */
export class MailRefused extends Error {
  constructor(
    readonly scope: RefusalScope,
    readonly code: string,
  ) {
    super(`The mail was not taken: ${code}.`);
    this.name = 'MailRefused';
  }

  /** As it is stored. */
  get reason(): string {
    return `${this.scope}: ${this.code}`;
  }
}
