import type { EmojiGroup } from '../../text/emojis.js';
import type { Command } from '../../text/slash.js';
import { count, number } from './words.js';

export const message = {
  actions: (name: string, time: string) => `Actions for the message of ${name} at ${time}`,
  menu: 'What to do with this message',
  reactions: 'Reactions',
  react: (emoji: string) => `React with ${emoji}`,
  takeBack: (emoji: string) => `Take back ${emoji}`,
  reacted: (emoji: string, n: number, mine: boolean) =>
    `${emoji} ${count(n, { one: 'person', other: 'people' })}${mine ? ', you among them' : ''}`,
  moreEmojis: 'More emojis',
  reply: 'Reply',
  showQuoted: (name: string) => `Show the message of ${name} that this answers`,
  quoteGone: 'The message that this answers is not there any more.',
  picture: 'Picture',
  file: 'File',
  enlarge: (name: string) => `Show ${name} large`,
  previousPicture: 'Previous picture',
  nextPicture: 'Next picture',
  pictureOf: (n: number, all: number) => `${n} of ${all}`,
  openPicture: 'Open in a new tab',
  size: (bytes: number) =>
    bytes < 1024 * 1024
      ? `${number.format(Math.max(1, Math.round(bytes / 1024)))} kB`
      : `${number.format(Math.round(bytes / 104857.6) / 10)} MB`,
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
  emoji: 'Insert an emoji',
  attach: 'Add pictures or files',
  removeFile: (name: string) => `Take out ${name}`,
  uploading: (name: string) => `${name} is being sent`,
  privateNoFiles: 'Pictures and files cannot go with /pm. Open the conversation to send them.',
  replying: (name: string) => `Answer to ${name}`,
  endReply: 'Do not answer',
  suggestionsLabel: 'Suggestions',
  suggestions: (n: number) => `${count(n, { one: 'suggestion', other: 'suggestions' })}, arrow keys to choose`,
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

export const emoji = {
  title: 'Emojis',
  search: 'Find an emoji by name',
  none: 'No emoji has this name.',
  /** Which of the lists of words is this language's. */
  column: 0 as number,
  groups: {
    faces: 'Faces',
    hands: 'People and hands',
    hearts: 'Hearts and signs',
    nature: 'Nature',
    food: 'Food and drink',
    things: 'Things and places',
  } satisfies Record<EmojiGroup, string>,
};

export const help = {
  title: 'What one can type here',
  usage: { pm: '/pm name text', help: '/help' } satisfies Record<Command, string>,
  commands: {
    pm: 'Writes to one person in private.',
    help: 'Shows this list.',
  } satisfies Record<Command, string>,
  keys: [
    ['@', 'Names a person, who is told.'],
    ['Enter', 'Sends.'],
    ['Shift + Enter', 'Begins a new line.'],
    ['↑', 'In an empty field: changes your last message.'],
    ['Esc', 'Ends an answer or a change.'],
  ] as readonly (readonly [keys: string, words: string])[],
};
