import type { Author, PersonRef, ReportKind } from '../api/wire.js';
import { Store } from '../store/store.js';

/** Something that somebody wants to report. */
export interface Reported {
  kind: ReportKind;
  id: string;
  /** How it is called, or begins. */
  what: string;
  /** Whose it is, who can be blocked in the same breath. */
  owner?: Author | PersonRef;
}

/** A question of the whole page: what is wrong with something, or whether to block somebody; null: none. */
export type Question = { ask: 'report'; reported: Reported } | { ask: 'block'; person: Author | PersonRef };

export const question = new Store<Question | null>(null);

/** Asks what is wrong with something, and tells the moderators. */
export function askReport(reported: Reported): void {
  question.set({ ask: 'report', reported });
}

/** Asks whether somebody shall be blocked, and blocks them. */
export function askBlock(person: Author | PersonRef): void {
  question.set({ ask: 'block', person });
}

export function answered(): void {
  question.set(null);
}
