export { MessageChanges } from './message-changes.js';
export { MessageErasure } from './message-erasure.js';
export { mentionedNames } from './mentions.js';
export { type SharedMessage, SharedMessages } from './shared-messages.js';
export { MessagesModule } from './messages.module.js';
export { MessageLog } from './message-log.js';
