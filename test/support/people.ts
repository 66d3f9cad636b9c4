import type { RestClient } from './rest-client.js';

/** Somebody with an account, activated and logged in the way people do it: over REST, with the code from the mail. */
export interface TestPerson {
  id: string;
  username: string;
  email: string;
  password: string;
  access: string;
  refresh: string;
  rest: RestClient;
}

/** A server to be somebody at: in this process or in another one. */
export interface Host {
  readonly anonymous: RestClient;
}

let counter = 0;

/** The newest mail to an address, from the development mailbox. */
export async function mailTo(
  app: Host,
  address: string,
): Promise<{ subject: string; text: string; html: string; code: string | null; links: string[] }> {
  const { body } = await app.anonymous.get(`!/dev/mail.json?to=${encodeURIComponent(address)}`);
  const mails = body as { subject: string; text: string; html: string; code: string | null; links: string[] }[];
  if (!mails[0]) throw new Error(`There is no mail to ${address}.`);
  return mails[0];
}

/** Registers, activates by the mailed code and logs in. @param more of the registration, as the type of the account */
export async function newPerson(app: Host, name = `person${++counter}`, more: Record<string, unknown> = {}): Promise<TestPerson> {
  const email = `${name.normalize('NFKD').replace(/[^a-z0-9]/gi, '') || 'p'}${++counter}@example.org`.toLowerCase();
  const password = 'correct horse battery staple';
  const registered = await app.anonymous.post('/auth/register', {
    email,
    username: name,
    password,
    passwordConfirmation: password,
    ...more,
  });
  if (registered.status !== 201) throw new Error(`register: ${registered.status} ${JSON.stringify(registered.body)}`);
  const { code } = await mailTo(app, email);
  const activated = await app.anonymous.post('/auth/activate', { email, code });
  if (activated.status !== 200) throw new Error(`activate: ${activated.status} ${JSON.stringify(activated.body)}`);
  const { body, status } = await app.anonymous.post('/auth/login', { login: email, password });
  if (status !== 200) throw new Error(`login: ${status} ${JSON.stringify(body)}`);
  return {
    id: body.user.id,
    username: body.user.username,
    email,
    password,
    access: body.access,
    refresh: body.refresh,
    rest: app.anonymous.as(body.access),
  };
}
