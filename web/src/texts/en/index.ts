import * as accounts from './accounts.js';
import * as community from './community.js';
import * as common from './common.js';
import * as faults from './faults.js';
import * as finding from './finding.js';
import * as messages from './messages.js';
import * as moderation from './moderation.js';
import * as posts from './posts.js';
import * as privacy from './privacy.js';
import * as profiles from './profiles.js';
import * as rooms from './rooms.js';

/** English is the language that the others are compared with: a text that one of them lacks is a type error. */
export const en = {
  ...common,
  ...faults,
  ...accounts,
  ...rooms,
  ...messages,
  ...community,
  ...posts,
  ...privacy,
  ...profiles,
  ...moderation,
  ...finding,
};
