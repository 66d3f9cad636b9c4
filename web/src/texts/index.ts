import { Fault, toFault } from '../api/fault.js';
import { t } from './current.js';

/** A fault in words, with what to do next. */
export function faultText(fault: { code: string; message: string; retryAfter?: number | undefined }): string {
  if (fault.code === 'rate.limited' && fault.retryAfter !== undefined) return t.fault.wait(fault.retryAfter);
  if (fault.code === 'user.muted' && fault.retryAfter !== undefined) return t.fault.muted(endOf(fault.retryAfter));
  if (fault.code === 'auth.suspended' && fault.retryAfter !== undefined) return t.fault.suspended(endOf(fault.retryAfter));
  return (t.faults as Record<string, string | undefined>)[fault.code] ?? (fault.message || t.fault.unknown);
}

/** No sanction with an end lasts so long, in seconds: ten years. */
const forGood = 10 * 365 * 86_400;

/** When something ends, for the eye; null: it does not. */
function endOf(seconds: number): string | null {
  if (seconds > forGood) return null;
  const at = new Date(Date.now() + seconds * 1000).toISOString();
  return t.time.clockOf(t.time.date(at), t.time.clock(at));
}

/** The server's refusals of fields, in words, by field. */
export function fieldFaultTexts(error: unknown, labels: Readonly<Record<string, string>>): Record<string, string> {
  const fault = toFault(error);
  const texts: Record<string, string> = {};
  for (const { field, code, message } of fault.fields) {
    if (field in texts) continue;
    const known = (t.fieldFaults as Record<string, string | undefined>)[code];
    // Nothing more than the fault itself says.
    if (known === undefined && code === fault.code) continue;
    texts[field] = known ?? t.fault.sentence(labels[field] ?? field, message);
  }
  if (fault instanceof Fault && fault.code === 'user.username-taken') texts.username ??= faultText(fault);
  return texts;
}

export { t, type Texts } from './current.js';
export { relativeTime, dayLabel, listTime, messageTime } from './times.js';

/** The size of a file, in words. */
export function fileSize(bytes: number): string {
  return t.message.size(bytes);
}
