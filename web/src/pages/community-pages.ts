/** The pages of people beside the chat: one part of the bundle. */
export { ConfirmEmailPage } from './confirm-email.js';
export { FriendsPage } from './friends.js';
export { NotificationsPage } from './notifications.js';
export { SettingsPage } from './settings.js';
