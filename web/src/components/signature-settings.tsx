import { useEffect, useState } from 'preact/hooks';
import type { Me } from '../api/wire.js';
import { deleteSignature, setSignature } from '../app/pictures.js';
import { changeProfile } from '../app/profile.js';
import { t } from '../texts/index.js';
import { Notice } from './notice.js';
import { PictureButton } from './picture-button.js';
import { useTask } from './use-list.js';

/** A picture to sign with, and whether one does. */
export function SignatureSettings({ me }: { me: Me }) {
  const task = useTask();
  const [progress, setProgress] = useState(0);
  const [choice, setChoice] = useState(me.signature);
  useEffect(() => setChoice(me.signature), [me.signature]);
  const choose = (next: Me['signature']) => {
    setChoice(next);
    task.run(async () => {
      try {
        await changeProfile({ signature: next });
      } catch (error) {
        setChoice(me.signature);
        throw error;
      }
    });
  };
  return (
    <section class="part">
      <h2>{t.pictures.signature}</h2>
      <p class="part-text">{t.pictures.signatureHint}</p>
      {task.fault && <Notice tone="bad">{task.fault}</Notice>}
      {me.signatureUrl && (
        <>
          <img class="signature" src={me.signatureUrl} alt={t.pictures.signatureYours} />
          <fieldset class="checks">
            <legend>{t.pictures.signBy}</legend>
            {(['name', 'image'] as const).map((key) => (
              <label key={key} class="check">
                <input type="radio" name="signature-choice" checked={choice === key} onChange={() => choose(key)} />
                <span>{key === 'name' ? t.pictures.signByName : t.pictures.signByImage}</span>
              </label>
            ))}
          </fieldset>
        </>
      )}
      <div class="actions">
        <PictureButton
          text={t.pictures.signatureChoose}
          name="signature"
          busy={task.busy}
          onPick={(file) => {
            setProgress(0);
            task.run(() => setSignature(file, setProgress));
          }}
        />
        {me.signatureUrl && (
          <button type="button" class="button quiet small" disabled={task.busy} onClick={() => task.run(deleteSignature)}>
            {t.pictures.signatureRemove}
          </button>
        )}
      </div>
      {task.busy && <progress value={progress} aria-label={t.pictures.signature} />}
    </section>
  );
}
