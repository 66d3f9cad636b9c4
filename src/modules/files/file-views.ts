import { toAttachment } from '../../common/attachment-view.js';
import type { Attachment } from '../../contracts/index.js';
import type { FileRow } from './files.repository.js';

/** A stored file as clients see it. */
export function viewOf({ id, kind, name, mime, width, height, sizes }: FileRow): Attachment {
  const bytes = (sizes['full'] ?? sizes['original'])?.bytes ?? 0;
  return toAttachment({ id, kind, name, mime, bytes, width, height });
}
