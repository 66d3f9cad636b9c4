import type { Room } from '../api/wire.js';
import { updateRoom } from '../app/room-list.js';
import { upload } from '../app/uploads.js';
import { t } from '../texts/index.js';
import { RoomAvatar } from './avatar.js';
import { PicturePicker } from './picture-picker.js';

/** The picture of a room: shown, chosen and taken away. */
export function RoomPicture({ room }: { room: Room }) {
  return (
    <PicturePicker
      shown={<RoomAvatar room={room} />}
      name="room-picture"
      label={t.media.picture}
      onPick={async (file, onProgress) => {
        const { id } = await upload(file, onProgress);
        await updateRoom(room, { avatarFileId: id });
      }}
      onClear={room.avatarUrl === null ? undefined : () => updateRoom(room, { avatarFileId: null })}
    />
  );
}
