import { count, number } from './words.js';

export const people = {
  noneTitle: 'Nobody here',
  about: 'About this person',
  parts: 'What this person shows',
  tabs: { posts: 'Posts', albums: 'Albums', photos: 'Photos' },
  counters: { friends: 'Friends', posts: 'Posts', albums: 'Albums' },
  types: { startup: 'Startup', investor: 'Investor' },
  since: (date: string) => `Here since ${date}`,
  born: (date: string) => `Born on ${date}`,
  signatureOf: (name: string) => `Signature of ${name}`,
  withdraw: 'Withdraw the request',
  blockedTitle: 'You block this person',
  blockedText: 'Unblock them to see what they show.',
  noOwnPosts: 'What you publish stands here.',
};

export const business = {
  title: { startup: 'Your startup', investor: 'You as an investor' },
  lead: 'Everybody can read it.',
  companyName: 'Company',
  industry: 'Industry',
  stage: 'Stage',
  stages: { idea: 'Idea', prototype: 'Prototype', launched: 'Launched', growing: 'Growing' },
  noStage: 'Not said',
  website: 'Website',
  pitch: 'Pitch',
  organization: 'Organisation',
  interests: 'Interests',
  interestsHint: 'Ten at most, separated by commas.',
  ticket: 'Size of an investment',
  ticketMin: 'From, in US dollars',
  ticketMax: 'To, in US dollars',
  amountInvalid: 'Enter whole dollars, or nothing.',
  orderInvalid: 'This must not be below the first amount.',
  ticketRange: (min: number | null, max: number | null) =>
    min === null && max === null
      ? ''
      : min === null
        ? `up to $${number.format(max!)}`
        : max === null
          ? `from $${number.format(min)}`
          : `$${number.format(min)} to $${number.format(max)}`,
};

export const albums = {
  one: 'Album',
  none: 'No albums yet',
  noneText: 'Gather your photos in one.',
  make: 'Make an album',
  edit: 'Edit the album',
  name: 'Name',
  nameNeeded: 'An album needs a name.',
  theme: 'Theme',
  year: 'Year',
  yearInvalid: 'Enter a year from 1800 to 2100, or nothing.',
  visibility: 'Who sees it',
  visibilities: { everyone: 'Everybody who is logged in', friends: 'Friends', me: 'Only you' },
  seenBy: { friends: 'for friends', me: 'only for you' },
  photos: (n: number) => count(n, { one: 'photo', other: 'photos' }),
  addPhotos: 'Add photos',
  adding: 'Photos are being added',
  noPhotos: 'No photos yet',
  noPhotosText: 'Add some: JPEG, PNG or WebP, 10 MB each at most.',
  cover: 'Cover',
  coverOf: (n: number) => `Photo ${n} is the cover`,
  deletePhoto: (n: number) => `Delete photo ${n}`,
  deletePhotoTitle: 'Delete this photo?',
  deletePhotoText: 'It is gone for good.',
  deleteTitle: (name: string) => `Delete the album ${name}?`,
  deleteText: 'It is gone for good, with all of its photos.',
  deleted: 'The album is deleted.',
  goneTitle: 'This album is not here',
};

export const pictures = {
  history: 'Earlier pictures',
  show: (n: number) => `Show picture ${n}`,
  remove: (n: number) => `Delete picture ${n}`,
  removeTitle: 'Delete this picture?',
  removeText: 'It is gone for good.',
  signature: 'Signature',
  signatureHint: 'A picture of your signature, on a light ground.',
  signatureChoose: 'Choose a signature',
  signatureRemove: 'Delete the signature',
  signatureYours: 'Your signature',
  signBy: 'How you sign',
  signByName: 'By name',
  signByImage: 'By this picture',
};
