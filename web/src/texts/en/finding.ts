import { count } from './words.js';

export const search = {
  title: 'Search',
  field: 'Search messages, posts, people, rooms',
  hint: 'Every word by its beginning; small mistakes are forgiven. The arrow keys go through what was found.',
  kinds: {
    all: 'Everything',
    messages: 'Messages',
    posts: 'Posts',
    comments: 'Comments',
    people: 'People',
    rooms: 'Rooms',
    tags: 'Tags',
  },
  inRoom: (room: string) => `Only in ${room}`,
  everywhere: 'Search everywhere',
  thisRoom: 'Search in this room',
  none: 'Nothing found',
  noneText: 'Try fewer or other words. What was just written is found after a moment.',
  begin: 'What are you looking for?',
  beginText: 'Type a word or two. Only what you may read is found.',
  found: (n: number) => count(n, { one: 'result', other: 'results' }),
  someone: 'Somebody',
  inTheRoom: (name: string) => `in ${name}`,
  posts: (n: number) => count(n, { one: 'post', other: 'posts' }),
  commented: 'a comment',
};

export const media = {
  tab: 'Media',
  images: 'Images',
  files: 'Files',
  noImages: 'No images yet',
  noFiles: 'No files yet',
  show: 'Show the message',
  notify: 'For you',
  picture: 'Picture of the room',
};
