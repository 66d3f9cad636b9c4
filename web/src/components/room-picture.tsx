import { useState } from 'preact/hooks';
import type { Room } from '../api/wire.js';
import { updateRoom } from '../app/room-list.js';
import { upload } from '../app/uploads.js';
import { t } from '../texts/index.js';
import { RoomAvatar } from './avatar.js';
import { useTask } from './use-list.js';

/** The picture of a room: shown, chosen and taken away. */
export function RoomPicture({ room }: { room: Room }) {
  const task = useTask();
  const [progress, setProgress] = useState(0);
  return (
    <section class="part picture-part">
      <RoomAvatar room={room} />
      <div>
        <div class="actions">
          <label class={`button quiet small${task.busy ? ' busy' : ''}`}>
            {t.profile.choosePicture}
            <input
              type="file"
              class="visually-hidden"
              name="room-picture"
              accept="image/jpeg,image/png,image/webp"
              disabled={task.busy}
              onChange={(event) => {
                const file = event.currentTarget.files?.[0];
                event.currentTarget.value = '';
                if (!file) return;
                task.run(async () => {
                  const { id } = await upload(file, setProgress);
                  await updateRoom(room, { avatarFileId: id });
                });
              }}
            />
          </label>
          {room.avatarUrl && (
            <button
              type="button"
              class="button quiet small"
              disabled={task.busy}
              onClick={() =>
                task.run(async () => {
                  await updateRoom(room, { avatarFileId: null });
                })
              }
            >
              {t.profile.removePicture}
            </button>
          )}
        </div>
        {task.busy && <progress value={progress} aria-label={t.media.picture} />}
        {task.fault ? (
          <p class="field-error" role="alert">
            {task.fault}
          </p>
        ) : (
          <p class="field-hint">{t.profile.pictureHint}</p>
        )}
      </div>
    </section>
  );
}
