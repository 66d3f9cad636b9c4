import { apiPrefix, type Attachment } from '../contracts/index.js';

/** What is kept of a file beside what it belongs to: never changes, and says nothing about who may read it. */
export type AttachmentSnapshot = Pick<Attachment, 'id' | 'kind' | 'name' | 'mime' | 'bytes' | 'width' | 'height'>;

const sizesOf = { image: ['thumbnail', 'medium', 'full'], file: ['original'] } as const;

/** A file as clients see it. Its addresses are relative and carry no secret: whoever reads them is checked. */
export function toAttachment({ id, kind, name, mime, bytes, width, height }: AttachmentSnapshot): Attachment {
  const sizes = sizesOf[kind].map((size) => [size, `${apiPrefix}/files/${id}?size=${size}`]);
  return { id, kind, name, mime, bytes, width, height, sizes: Object.fromEntries(sizes) as Record<string, string> };
}
