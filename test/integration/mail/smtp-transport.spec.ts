import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseSender } from '../../../src/platform/mail/mail-address.js';
import type { OutgoingMail } from '../../../src/platform/mail/mail-transport.js';
import { SmtpTransport } from '../../../src/platform/mail/smtp-transport.js';
import { MailServer } from './mail-server.js';

describe('A mail on its way to the SMTP server', () => {
  let server: MailServer;
  let transport: SmtpTransport | undefined;

  beforeEach(async () => {
    server = new MailServer();
    await server.start();
  });

  afterEach(async () => {
    transport?.close();
    await server.stop();
  });

  async function send(mail: Partial<OutgoingMail>, from = 'Parley <parley@example.org>', url = server.url()): Promise<void> {
    transport?.close();
    transport = new SmtpTransport(url, parseSender(from), 1);
    const whole = { id: 'id-1', to: 'ann@example.org', subject: 'Hello', text: 'Hello', html: '<p>Hello</p>', ...mail };
    await transport.send(whole, AbortSignal.timeout(5_000));
  }

  it.each([
    'ann@example.org\r\nBcc: eve@evil.example',
    'ann@example.org>\r\nRCPT TO:<eve@evil.example',
    'ann@example.org, eve@evil.example',
    'friends: ann@example.org, eve@evil.example;',
    'ann@example.org (eve@evil.example)',
    '"eve@evil.example x"@example.org',
    'eve@evil.example <ann@example.org>',
    'ann@exam\u200bple.org',
  ])('has one recipient: %j is refused for good, and the server hears nothing of it', async (to) => {
    await expect(send({ to })).rejects.toMatchObject({ scope: 'never', reason: 'never: ADDRESS' });
    expect(server.received).toEqual([]);
  });

  it('never has a subject that starts a header of its own', async () => {
    await expect(send({ subject: 'Hello\r\nBcc: eve@evil.example' })).rejects.toMatchObject({ reason: 'never: SUBJECT' });
    expect(server.received).toEqual([]);
  });

  it.each([
    ['"Friends: ann, bob;" <parley@example.org>', 'From: "Friends: ann, bob;" <parley@example.org>'],
    ['Parley (the chat) <parley@example.org>', 'From: "Parley (the chat)" <parley@example.org>'],
    ['parley@example.org', 'From: parley@example.org'],
  ])('shows the sender %s as a name and one address', async (setting, header) => {
    await send({}, setting);
    expect(server.received[0]!.raw.split('\r\n')).toContain(header);
    expect(server.received[0]!.from).toBe('parley@example.org');
  });

  it('carries a sender’s name of any script', async () => {
    await send({}, 'Чат Парле <parley@example.org>');
    expect(server.received[0]!.raw).toMatch(/^From: =\?UTF-8\?[^<>\r\n]*\?= <parley@example\.org>\r$/m);
  });

  it('goes to the ASCII form of an international domain', async () => {
    await send({ to: 'ann@bücher.example' });
    expect(server.received[0]).toMatchObject({ to: 'ann@xn--bcher-kva.example' });
    expect(server.received[0]!.recipients).toHaveLength(1);
  });

  it('can be ended by one click of the mail program, where it says how', async () => {
    await send({});
    await send({ unsubscribe: 'https://chat.example.org/api/v1/notifications/unsubscribe?token=a.b' });
    const [plain, ending] = server.received.map(({ raw }) => raw.replaceAll('\r\n ', ' '));
    expect(plain).not.toMatch(/List-Unsubscribe/i);
    expect(ending).toMatch(/^List-Unsubscribe: <https:\/\/chat\.example\.org\/api\/v1\/notifications\/unsubscribe\?token=a\.b>\r$/m);
    expect(ending).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
  });

  it('says in a code, not in the server’s words, why it was not taken', async () => {
    server.mood = 'refuse-recipient';
    await expect(send({})).rejects.toMatchObject({ scope: 'mail', reason: 'mail: EENVELOPE 550' });
    server.mood = 'refuse-connection';
    await expect(send({})).rejects.toMatchObject({ scope: 'server' });
    await server.stop();
    await expect(send({})).rejects.toMatchObject({ scope: 'server', reason: 'server: ESOCKET' });
    await expect(send({}, undefined, 'smtps://user:canary-password@127.0.0.1:1')).rejects.not.toThrow(/canary/);
  });
});
