import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../texts/index.js';
import { PictureButton } from './picture-button.js';
import { useTask } from './use-list.js';

interface PicturePickerProps {
  /** The picture as it is now. */
  shown: ComponentChildren;
  /** Of the input. */
  name: string;
  /** What the progress is about, for a screen reader. */
  label: string;
  onPick: (file: File, onProgress: (part: number) => void) => Promise<unknown>;
  /** Takes the picture away; absent: there is none. */
  onClear?: (() => Promise<unknown>) | undefined;
}

/** The one picture of a person or a room: shown, chosen and taken away. */
export function PicturePicker({ shown, name, label, onPick, onClear }: PicturePickerProps) {
  const task = useTask();
  const [progress, setProgress] = useState(0);
  return (
    <section class="part picture-part">
      {shown}
      <div>
        <div class="actions">
          <PictureButton
            text={t.profile.choosePicture}
            name={name}
            busy={task.busy}
            onPick={(file) => {
              setProgress(0);
              task.run(() => onPick(file, setProgress));
            }}
          />
          {onClear && (
            <button type="button" class="button quiet small" disabled={task.busy} onClick={() => task.run(onClear)}>
              {t.profile.removePicture}
            </button>
          )}
        </div>
        {task.busy && <progress value={progress} aria-label={label} />}
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
