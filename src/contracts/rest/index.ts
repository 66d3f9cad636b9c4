import { albumEndpoints } from './albums.js';
import { authEndpoints } from './auth.js';
import { avatarEndpoints } from './avatars.js';
import { fileEndpoints } from './files.js';
import { friendEndpoints } from './friends.js';
import { homeEndpoints } from './home.js';
import { invitationEndpoints } from './invitations.js';
import { notificationEndpoints } from './notifications.js';
import { peopleEndpoints } from './people.js';
import { messageEndpoints } from './messages.js';
import { roomEndpoints } from './rooms.js';
import { credentialEndpoints } from './credentials.js';
import { profileEndpoints } from './profiles.js';
import { moderationEndpoints } from './moderation.js';
import { postEndpoints } from './posts.js';
import { privacyEndpoints } from './privacy.js';
import { searchEndpoints } from './search.js';
import { userEndpoints } from './users.js';

/** Every documented REST call, by its name. The start fails when one has no handler. */
export const endpoints = {
  ...authEndpoints,
  ...userEndpoints,
  ...friendEndpoints,
  ...peopleEndpoints,
  ...profileEndpoints,
  ...credentialEndpoints,
  ...avatarEndpoints,
  ...albumEndpoints,
  ...roomEndpoints,
  ...invitationEndpoints,
  ...homeEndpoints,
  ...messageEndpoints,
  ...fileEndpoints,
  ...notificationEndpoints,
  ...postEndpoints,
  ...searchEndpoints,
  ...moderationEndpoints,
  ...privacyEndpoints,
};

export type EndpointName = keyof typeof endpoints;

/** Every call is below this path. */
export const apiPrefix = '/api/v1';
