import { useState } from 'preact/hooks';
import { uploadFile } from '../api/upload.js';
import { session } from '../app/account.js';
import { t } from '../texts/index.js';
import { Icon } from './icon.js';
import { Notice } from './notice.js';
import { useTask } from './use-list.js';

/** Puts photos into an album, one after the other, so that a large one does not hold up the first. */
export function PhotoAdder({ albumId, onAdded }: { albumId: string; onAdded: () => void }) {
  const task = useTask();
  const [progress, setProgress] = useState({ done: 0, all: 0, part: 0 });
  const add = (files: readonly File[]) => {
    if (files.length === 0) return;
    task.run(async () => {
      let done = 0;
      try {
        for (const file of files) {
          setProgress({ done, all: files.length, part: 0 });
          await uploadFile(`/albums/${albumId}/photos`, file, {
            credentials: session,
            field: 'image',
            onProgress: (part) => setProgress({ done, all: files.length, part }),
          });
          done++;
        }
      } finally {
        if (done > 0) onAdded();
      }
    });
  };
  return (
    <div class="photo-adder">
      <label class={`button primary small${task.busy ? ' busy' : ''}`}>
        <Icon name="plus" />
        {t.albums.addPhotos}
        <input
          type="file"
          multiple
          class="visually-hidden"
          name="photos"
          accept="image/jpeg,image/png,image/webp"
          disabled={task.busy}
          onChange={(event) => {
            add(Array.from(event.currentTarget.files ?? []));
            event.currentTarget.value = '';
          }}
        />
      </label>
      {task.busy && (
        <span class="photo-progress">
          <progress value={progress.done + progress.part} max={progress.all} aria-label={t.albums.adding} />
          <small>{t.message.pictureOf(progress.done + 1, progress.all)}</small>
        </span>
      )}
      {task.fault && <Notice tone="bad">{task.fault}</Notice>}
    </div>
  );
}
