import { Injectable } from '@nestjs/common';
import type { DataExport } from '../../../contracts/index.js';
import { Publisher } from '../../../realtime/index.js';
import type { ExportRow } from './exports.repository.js';

/** Tells a person's devices how far their export is. */
@Injectable()
export class ExportNews {
  constructor(private readonly publisher: Publisher) {}

  tell(userId: string, row: ExportRow | null): void {
    this.publisher.toPeople([userId], 'export.updated', { export: row && toDataExport(row) });
  }
}

/** An export as its owner sees it; never one that is on its way out. */
export function toDataExport(row: ExportRow): DataExport {
  return {
    id: row.id,
    status: row.status === 'removing' ? 'failed' : row.status,
    progress: row.progress,
    bytes: row.bytes === null ? null : Number(row.bytes),
    createdAt: row.created_at.toISOString(),
    readyAt: row.ready_at?.toISOString() ?? null,
    expiresAt: row.expires_at?.toISOString() ?? null,
  };
}
