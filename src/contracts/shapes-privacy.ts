import { z } from 'zod';
import { count, id, isoTime } from './fields.js';

/** `waiting` and `running` are under way, `ready` can be downloaded, `failed` came to nothing: ask for a new one. */
export const dataExportStatus = z.enum(['waiting', 'running', 'ready', 'failed']);

export const dataExport = z
  .strictObject({
    id,
    status: dataExportStatus,
    progress: z.int().min(0).max(100).meta({ description: 'percent; 100 once the archive is ready' }),
    bytes: count.nullable().meta({ description: 'size of the archive, once it is ready' }),
    createdAt: isoTime,
    readyAt: isoTime.nullable(),
    expiresAt: isoTime.nullable().meta({ description: 'when the archive is deleted' }),
  })
  .meta({ id: 'DataExport' });

export const deletedMessages = z
  .enum(['keep', 'erase'])
  .meta({ description: '`keep`: what was said stays readable under "deleted account"; `erase`: every message and comment is blanked' });

export const accountDeletion = z
  .strictObject({
    requestedAt: isoTime,
    eraseAfter: isoTime.meta({ description: 'from then on everything is erased; logging in before cancels it' }),
    messages: deletedMessages,
  })
  .meta({ id: 'AccountDeletion' });

export type DataExport = z.output<typeof dataExport>;
export type DataExportStatus = z.output<typeof dataExportStatus>;
export type AccountDeletion = z.output<typeof accountDeletion>;
export type DeletedMessages = z.output<typeof deletedMessages>;
