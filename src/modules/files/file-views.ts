import { apiPrefix, type Attachment } from '../../contracts/index.js';
import type { FileRow } from './files.repository.js';

/** A file as clients see it. Its addresses are relative and carry no secret: whoever reads them is checked. */
export function toAttachment(row: FileRow): Attachment {
  const sizes = Object.keys(row.sizes).map((size): [string, string] => [size, `${apiPrefix}/files/${row.id}?size=${size}`]);
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    mime: row.mime,
    bytes: (row.sizes['full'] ?? row.sizes['original'])?.bytes ?? 0,
    width: row.width,
    height: row.height,
    sizes: Object.fromEntries(sizes),
  };
}
