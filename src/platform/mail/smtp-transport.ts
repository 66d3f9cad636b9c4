import { createTransport } from 'nodemailer';
import { parseMailAddress, type StructuredAddress } from './mail-address.js';
import { MailRefused, type MailTransport, type OutgoingMail } from './mail-transport.js';

const timeoutMs = 10_000;

/** Mails over SMTP, on a few connections that stay open for a while. TLS is as the URL says: `smtps:` from the start, `smtp:` by STARTTLS. */
export class SmtpTransport implements MailTransport {
  private readonly transporter;

  /**
   * @param url `smtp://` or `smtps://`, with user and password percent-encoded
   * @param from the sender of every mail
   * @param connections how many mails can be on their way at once
   */
  constructor(
    url: string,
    private readonly from: StructuredAddress,
    connections: number,
  ) {
    this.transporter = createTransport({
      url,
      pool: true,
      maxConnections: connections,
      // The queue repeats, and counts; a repetition inside the pool would be one that nobody knows of.
      maxRequeues: 0,
      idleTimeout: 30_000,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send(mail: OutgoingMail, signal: AbortSignal): Promise<void> {
    const to = parseMailAddress(mail.to);
    if (to === null) throw new MailRefused('never', 'ADDRESS');

    if (/[\u0000-\u001f\u007f]/.test(mail.subject)) throw new MailRefused('never', 'SUBJECT');
    try {
      await this.transporter.sendMail({
        from: this.from,
        to: { name: '', address: to },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        messageId: `<${mail.id}@${this.from.address.slice(this.from.address.lastIndexOf('@') + 1)}>`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', ...unsubscribeHeaders(mail.unsubscribe) },
        disableFileAccess: true,
        disableUrlAccess: true,
        signal,
      });
    } catch (error) {
      throw refusalOf(error);
    }
  }

  close(): void {
    this.transporter.close();
  }
}

/** RFC 8058: the mail program posts by itself when its reader asks it to. */
function unsubscribeHeaders(address: string | null | undefined): Record<string, string> {
  return address ? { 'List-Unsubscribe': `<${address}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {};
}

// Codes of the mail library that speak of the connection, not of the mail that happened to be on it.
const serverCodes = new Set(['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EDNS', 'ETLS', 'EPROTOCOL', 'EAUTH', 'ENOAUTH', 'EPROXY']);
const serviceClosing = 421;

function refusalOf(error: unknown): MailRefused {
  const { code, responseCode } = (error ?? {}) as { code?: unknown; responseCode?: unknown };
  const word = typeof code === 'string' && /^[A-Z_]{1,32}$/.test(code) ? code : 'EUNKNOWN';
  const scope = serverCodes.has(word) || responseCode === serviceClosing ? 'server' : 'mail';
  return new MailRefused(scope, typeof responseCode === 'number' ? `${word} ${responseCode}` : word);
}
