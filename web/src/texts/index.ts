import { Fault, toFault } from '../api/fault.js';
import { t } from './current.js';

/** A fault in words, with what to do next. */
export function faultText(fault: { code: string; message: string; retryAfter?: number | undefined }): string {
  if (fault.code === 'rate.limited' && fault.retryAfter !== undefined) return t.fault.wait(fault.retryAfter);
  return (t.faults as Record<string, string | undefined>)[fault.code] ?? (fault.message || t.fault.unknown);
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
