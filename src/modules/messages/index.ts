export { MessagesModule } from './messages.module.js';
export { MessageLog } from './message-log.js';
