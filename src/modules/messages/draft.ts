import { messageJson, toMessage } from '../../common/message-view.js';
import type { Author, Message } from '../../contracts/index.js';
import type { StoredRow } from './writer.repository.js';

/** A message on its way into a room. */
export interface Draft {
  roomId: string;
  /** null: the system */
  authorId: string | null;
  kind: 'text' | 'system';
  content: string;
  clientId?: string | undefined;
  replyTo?: string | undefined;
  /** Ids of its author's files that it shows, ten at most. */
  attachments?: readonly string[] | undefined;
  /** What tells its attachments from those of another request, where their ids are new with every request. */
  attachmentsKey?: string | undefined;
  /** The names, as `caseKey`, of those it mentions. */
  mentions: readonly string[];
  /** The access version under which the author's rights were decided. */
  accessVersion: number;
  /** As the message will show its author. */
  author: Author | null;
  /** The two people of a direct room. */
  pair: readonly [string, string] | null;
}

/** What became of a draft: the row as it is stored now. As a message and as JSON it is made once, for the answer and for the push. */
export class Written {
  private view: Message | null = null;
  private text: string | null = null;

  /** @param fresh whether this call stored it, or an earlier one under the same client id */
  constructor(
    readonly row: StoredRow,
    readonly fresh: boolean,
    readonly draft: Draft,
  ) {}

  get message(): Message {
    return (this.view ??= toMessage(this.row, this.draft.author));
  }

  get json(): string {
    return (this.text ??= messageJson(this.message));
  }
}

/** Who handed a draft in. One of `stored` and `refused` is called, once, and neither may throw: others wait for their turn behind it. */
export interface Sender {
  stored(written: Written): void;
  refused(error: unknown): void;
}

/**
 * Decides anew under which access version an author may write, when the room's has moved on; the message keeps its place.
 * @throws AppError why they may not
 */
export type Redecide = () => Promise<number>;
