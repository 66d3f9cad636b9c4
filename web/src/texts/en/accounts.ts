import type { Strength } from '../../text/rules.js';
import { count } from './words.js';

export const welcome = {
  title: 'Welcome',
  lead: 'A calm place to talk, on your own server.',
  text: 'Rooms for everybody, rooms for a few, and conversations for two. Nothing gets lost, nothing comes twice.',
  register: 'Create an account',
  logIn: 'Log in',
  lobby: 'Look into the lobby first',
};

export const register = {
  title: 'Create an account',
  lead: 'It takes a minute and an email address.',
  email: 'Email',
  emailHint: 'We send the activation code there. Nobody else sees it.',
  username: 'Username',
  usernameHint: 'Letters, digits, “_”, “-” and “.”; others call you by it.',
  password: 'Password',
  confirmation: 'Password again',
  type: 'You are here as',
  types: { member: 'A person', startup: 'A startup', investor: 'An investor' },
  submit: 'Create account',
  busy: 'Creating…',
  haveAccount: 'You have an account?',
  logIn: 'Log in',
  emailInvalid: 'Enter an email address, like ann@example.org.',
  usernameInvalid: 'Use 2 to 32 letters, digits, “_”, “-” or “.”, beginning with a letter or digit.',
  passwordShort: 'Use at least 8 characters.',
  confirmationDiffers: 'The two passwords are not the same.',
  needed: 'This is needed.',
};

export const password = {
  show: 'Show password',
  hide: 'Hide password',
  strengthLabel: 'Strength',
  strength: {
    empty: 'At least 8 characters. A few unrelated words make a good one.',
    short: 'Too short: at least 8 characters.',
    guessable: 'Easy to guess: too close to your name or to a common password.',
    weak: 'Weak: make it longer.',
    fair: 'Fair: a few more characters make it strong.',
    strong: 'Strong.',
  } satisfies Record<Strength, string>,
};

export const activate = {
  title: 'Activate your account',
  codeLead: (email: string) => `We sent a six-digit code to ${email}. It is good for 15 minutes.`,
  codeLeadBare: 'Enter your email and the six-digit code that we sent there.',
  linkLead: 'One click, and your account is ready.',
  linkSubmit: 'Activate my account',
  email: 'Email',
  code: 'Code',
  digit: (n: number) => `Digit ${n} of 6`,
  submit: 'Activate',
  busy: 'Activating…',
  resend: 'Send a new code',
  resendIn: (seconds: number) => `A new code can be sent in ${count(seconds, { one: 'second', other: 'seconds' })}.`,
  resent: 'If this address waits for its activation, a new code is on its way.',
  needEmail: 'Enter the email that you registered with.',
  needCode: 'Enter all six digits.',
  spam: 'Nothing there? Have a look into the spam folder.',
  mailbox: 'Development: open the mailbox of this server',
  done: 'Your account is active. Log in to begin.',
  useCode: 'Enter the code instead',
};

export const login = {
  title: 'Log in',
  lead: 'Good to see you again.',
  login: 'Email or username',
  password: 'Password',
  submit: 'Log in',
  busy: 'Logging in…',
  forgot: 'Forgotten your password?',
  noAccount: 'New here?',
  register: 'Create an account',
  activate: 'Enter the activation code',
  ended: 'You were logged out',
  loggedOut: 'You are logged out. See you soon.',
  elsewhere: 'You logged out in another tab.',
  passwordChanged: 'Your password is set, and all devices were logged out. Log in with the new one.',
  needLogin: 'Enter your email or username.',
  needPassword: 'Enter your password.',
};

export const forgot = {
  title: 'Set a new password',
  lead: 'Tell us your email, and we send you a link that sets a new password.',
  email: 'Email',
  submit: 'Send the link',
  busy: 'Sending…',
  sentTitle: 'Look into your mail',
  sent: (email: string) => `If ${email} belongs to an account, a link is on its way. It is good for 30 minutes.`,
  again: 'Use another address',
  back: 'Back to log in',
};

export const reset = {
  title: 'Choose a new password',
  checking: 'Checking the link…',
  lead: 'All your devices will be logged out.',
  password: 'New password',
  confirmation: 'New password again',
  submit: 'Set password',
  busy: 'Setting…',
  badTitle: 'This link does not work',
  bad: 'It is wrong, used up or older than 30 minutes. Ask for a new one.',
  newLink: 'Ask for a new link',
};

export const devices = {
  title: 'Devices',
  lead: 'Where you are logged in. Log out what you do not know, then change your password.',
  current: 'This device',
  lastUsed: (when: string) => `Last used ${when}`,
  since: (when: string) => `Logged in ${when}`,
  unknown: 'Unknown device',
  browserOn: (browser: string, system: string) => `${browser} on ${system}`,
  logOut: 'Log out',
  logOutOne: (device: string) => `Log out ${device}`,
  loggedOut: (device: string) => `${device} is logged out.`,
  everywhere: 'Log out everywhere',
  everywhereText: 'Ends every session, this one too.',
  confirmEverywhere: 'Log out on all devices?',
  back: 'Back to the rooms',
  none: 'No devices.',
};

export const account = {
  menu: 'Your account',
  devices: 'Devices',
  logOut: 'Log out',
};
