import { count } from './words.js';

export const message = {
  actions: (name: string, time: string) => `Actions for the message of ${name} at ${time}`,
  menu: 'What to do with this message',
  reactions: 'Reactions',
  react: (emoji: string) => `React with ${emoji}`,
  takeBack: (emoji: string) => `Take back ${emoji}`,
  reacted: (emoji: string, n: number, mine: boolean) =>
    `${emoji} ${count(n, { one: 'person', other: 'people' })}${mine ? ', you among them' : ''}`,
  edit: 'Edit',
  copy: 'Copy text',
  copied: 'Copied.',
  delete: 'Delete',
  deleteTitle: 'Delete this message?',
  deleteText: 'What it says is gone for everybody. Its place stays.',
};

export const composer = {
  editing: 'Editing your message',
  editHint: 'Enter saves, Escape cancels.',
  save: 'Save',
  typing: (names: readonly string[]) =>
    names.length === 1
      ? `${names[0]} is typing…`
      : names.length === 2
        ? `${names[0]} and ${names[1]} are typing…`
        : 'Several people are typing…',
  label: (room: string) => `Message to ${room}`,
  placeholder: (room: string) => `Message ${room}`,
  send: 'Send',
  left: (n: number) => count(n, { one: 'character left', other: 'characters left' }),
  tooLong: (n: number) => `${count(n, { one: 'character', other: 'characters' })} too many`,
  privateHint: 'Only the person named after /pm will read this.',
  usage: 'To write in private, type: /pm name text',
  guest: 'Guests may read. Log in to write.',
  logIn: 'Log in',
  register: 'Create an account',
  readOnly: 'Only the admins of this room write here.',
};
