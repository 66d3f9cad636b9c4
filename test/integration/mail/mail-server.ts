import { SMTPServer } from 'smtp-server';
import type { Readable } from 'node:stream';

/** What the server does with a mail. `silent` takes the whole mail, counts it, and never says yes. */
export type Mood = 'accept' | 'refuse-connection' | 'refuse-recipient' | 'refuse-mail' | 'silent';

export interface ReceivedMail {
  /** Every recipient of the envelope. */
  recipients: string[];
  from: string;
  /** Headers and body as they came. */
  raw: string;
  id: string;
  to: string;
}

/** A real SMTP server that keeps what it receives and can be in a bad mood. */
export class MailServer {
  mood: Mood = 'accept';
  readonly received: ReceivedMail[] = [];
  /** Connections and mails that it did not take. */
  refused = 0;
  /** Logins as they were given. */
  readonly logins: string[] = [];
  /** How long it thinks before it says yes, in ms. */
  thinkMs = 0;
  private server: SMTPServer | undefined;
  private port = 0;

  async start(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      closeTimeout: 200,
      onAuth: (auth, _session, callback) => {
        this.logins.push(`${auth.username} ${auth.password}`);
        callback(null, { user: auth.username });
      },
      onConnect: (_session, callback) => callback(this.refusal('refuse-connection', 421)),
      onRcptTo: (_address, _session, callback) => callback(this.refusal('refuse-recipient', 550)),
      onData: (stream, session, callback) => {
        this.keep(stream, session.envelope.mailFrom, session.envelope.rcptTo, callback);
      },
    });
    server.on('error', () => undefined);
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    const address = server.server.address();
    this.port = typeof address === 'object' && address ? address.port : 0;
  }

  /** Nobody listens any more; `start` listens on the same port again. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server) await new Promise<void>((resolve) => server.close(resolve));
  }

  url(login = ''): string {
    return `smtp://${login}127.0.0.1:${this.port}`;
  }

  /** How often each mail came, by its Message-ID. */
  counts(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { id } of this.received) counts.set(id, (counts.get(id) ?? 0) + 1);
    return counts;
  }

  private refusal(mood: Mood, responseCode: number): Error | null {
    if (this.mood !== mood) return null;
    this.refused += 1;
    return Object.assign(new Error('Not now, canary-words-of-the-server'), { responseCode });
  }

  private keep(
    stream: Readable,
    from: false | { address: string },
    to: { address: string }[],
    callback: (error?: Error | null) => void,
  ): void {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const refusal = this.refusal('refuse-mail', 451);
      if (refusal) {
        callback(refusal);
        return;
      }
      const raw = Buffer.concat(chunks).toString('utf8');
      const header = (name: string) => new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(raw)?.[1]?.replace(/\r\n\s+/g, ' ') ?? '';
      this.received.push({
        recipients: to.map(({ address }) => address),
        from: from ? from.address : '',
        raw,
        id: header('Message-ID'),
        to: header('To'),
      });
      if (this.mood !== 'silent') setTimeout(() => callback(), this.thinkMs);
    });
  }
}

/** The parts of a multipart mail as a reader sees them. */
export function partsOf(raw: string): { text: string; html: string } {
  const boundary = /boundary="([^"]+)"/.exec(raw)![1]!;
  const part = (type: string): string => {
    const found = raw.split(`--${boundary}`).find((one) => one.includes(`Content-Type: ${type};`))!;
    const at = found.indexOf('\r\n\r\n');
    const body = found.slice(at + 4);
    if (/base64/.test(found.slice(0, at))) return Buffer.from(body, 'base64').toString('utf8');
    const joined = body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return Buffer.from(joined, 'latin1').toString('utf8');
  };
  return { text: part('text/plain'), html: part('text/html') };
}
