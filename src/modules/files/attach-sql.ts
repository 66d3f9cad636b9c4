/**
 * Parts of a statement that ties files while it writes what they belong to: the message writer's, which has no second round to ask in.
 * What it does is what `FilesService.attach` does.
 */
export const attachSql = {
  /** Of the free files with this id and owner, locked: `id` and `snapshot`, an `AttachmentSnapshot`; no row when there is none. */
  lockedFile: (id: string, ownerId: string) => `
    SELECT f.id, jsonb_build_object('id', f.id, 'kind', f.kind, 'name', f.name, 'mime', f.mime, 'width', f.width, 'height', f.height,
      'bytes', COALESCE(f.sizes -> 'full' -> 'bytes', f.sizes -> 'original' -> 'bytes')) AS snapshot
    FROM files f WHERE f.id = ${id} AND f.owner_id = ${ownerId} AND f.state = 'ready' AND f.attached_id IS NULL FOR UPDATE`,
  /** Ties the files of `source (file_id, target_id)` to what is being written. */
  tie: (kind: string, source: string) =>
    `UPDATE files t SET attached_kind = '${kind}', attached_id = s.target_id FROM (${source}) s WHERE t.id = s.file_id`,
} as const;
