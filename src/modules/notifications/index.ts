export { NotificationErasure } from './notification-erasure.js';
export { NotificationsModule } from './notifications.module.js';
