import { toFault } from '../api/fault.js';
import { openConversation } from '../app/room-list.js';
import { navigate } from '../app/router.js';
import { toast } from '../app/toasts.js';
import { faultText } from '../texts/index.js';

/** Does something and tells a refusal in a word. */
export function act(task: () => Promise<unknown>): void {
  task().catch((error: unknown) => toast(faultText(toFault(error)), 'bad'));
}

/** Opens the conversation with a person. */
export function writeTo(username: string): void {
  act(async () => navigate(await openConversation(username)));
}
