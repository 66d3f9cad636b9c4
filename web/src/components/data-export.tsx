import { rest } from '../app/account.js';
import { socket } from '../app/live.js';
import type { DataExport } from '../api/wire.js';
import { fileSize, t } from '../texts/index.js';
import { act } from './act.js';
import { Notice, Spinner } from './notice.js';
import { useTold } from './use-told.js';

/** An archive of everything that is kept of this person: asked for, watched while it is made, downloaded. */
export function DataExportPart() {
  const { known, fault, change } = useTold<DataExport | null>(
    async () => (await rest.call('privacy.export.state', {})).export,
    (take) => socket.on('export.updated', (event) => take(event.export)),
  );
  const begin = () => act(() => change(async () => (await rest.call('privacy.export.start', {})).export));
  const drop = () =>
    act(() =>
      change(async () => {
        await rest.call('privacy.export.cancel', {});
        return null;
      }),
    );
  return (
    <section class="part">
      <h2>{t.privacy.exportTitle}</h2>
      <p class="part-text">{t.privacy.exportText}</p>
      {fault !== null && <Notice tone="bad">{fault}</Notice>}
      {known ? <Archive archive={known.value} onBegin={begin} onDrop={drop} /> : fault === null && <Spinner label={t.app.loading} />}
    </section>
  );
}

function Archive({ archive, onBegin, onDrop }: { archive: DataExport | null; onBegin: () => void; onDrop: () => void }) {
  if (archive === null || archive.status === 'failed')
    return (
      <>
        {archive && <Notice tone="bad">{t.privacy.exportFailed}</Notice>}
        <button type="button" class="button quiet" onClick={onBegin}>
          {t.privacy.exportBegin}
        </button>
      </>
    );
  if (archive.status !== 'ready')
    return (
      <>
        <p role="status">{t.privacy.exportGoesOn}</p>
        <progress value={archive.progress} max={100} aria-label={t.privacy.exportTitle} />
        <div class="actions">
          <button type="button" class="button quiet" onClick={onDrop}>
            {t.app.cancel}
          </button>
        </div>
      </>
    );
  return (
    <>
      <Notice tone="good">
        {t.privacy.exportReady(fileSize(archive.bytes ?? 0))}
        {archive.expiresAt !== null && ` ${t.privacy.exportKept(t.time.date(archive.expiresAt))}`}
      </Notice>
      <div class="actions">
        <button type="button" class="button primary" onClick={() => act(download)}>
          {t.privacy.download}
        </button>
        <button type="button" class="button quiet" onClick={onBegin}>
          {t.privacy.exportAgain}
        </button>
        <button type="button" class="button quiet" onClick={onDrop}>
          {t.privacy.exportDrop}
        </button>
      </div>
    </>
  );
}

/** The archive comes from this page's own server, by an address that is good for a few minutes. */
async function download(): Promise<void> {
  const { pathname, search } = new URL((await rest.call('privacy.export.address', {})).url);
  const link = document.createElement('a');
  link.href = pathname + search;
  link.download = '';
  link.click();
}
