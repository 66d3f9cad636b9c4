import type { z } from 'zod';
import type { ErrorCode } from './errors.js';

/** Who may send a command: `guest` anybody with an open socket; `user` signed-in people. */
export type CommandAccess = 'guest' | 'user';

/** One socket command, the same on Socket.IO and plain WebSocket. */
export interface Command<Data extends z.ZodType = z.ZodType, Reply extends z.ZodType = z.ZodType> {
  summary: string;
  access: CommandAccess;
  data: Data;
  /** For the hot path: whether `data` surely takes a value as it is. What this says no to is for the schema to decide. */
  isPlain?: (value: unknown) => boolean;
  reply: Reply;
  errors: readonly ErrorCode[];
}

/** One event that the server sends. */
export interface EventDefinition<Data extends z.ZodType = z.ZodType> {
  summary: string;
  data: Data;
}

/** Keeps the literal types of a command's definition. */
export function command<const C extends Command>(definition: C): C {
  return definition;
}

/** Keeps the literal types of an event's definition. */
export function event<const E extends EventDefinition>(definition: E): E {
  return definition;
}
