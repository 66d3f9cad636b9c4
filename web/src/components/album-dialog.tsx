import { useState } from 'preact/hooks';
import type { Album, AlbumVisibility } from '../api/wire.js';
import { rest } from '../app/account.js';
import { t } from '../texts/index.js';
import { Dialog } from './dialog.js';
import { Field } from './field.js';
import { useForm } from './form.js';
import { Notice } from './notice.js';

const years = { first: 1800, last: 2100 };
const visibilities: readonly AlbumVisibility[] = ['everyone', 'friends', 'me'];

/** Makes an album, or changes what is said of one. */
export function AlbumDialog({ album, onClose, onDone }: { album?: Album; onClose: () => void; onDone: (album: Album) => void }) {
  const [visibility, setVisibility] = useState<AlbumVisibility>(album?.visibility ?? 'everyone');
  const { field, form, fault, busy } = useForm({
    initial: { name: album?.name ?? '', theme: album?.theme ?? '', year: album?.year?.toString() ?? '' },
    labels: { name: t.albums.name, theme: t.albums.theme, year: t.albums.year },
    check: ({ name, year }) => ({
      ...(name.trim() === '' && { name: t.albums.nameNeeded }),
      ...(!isYear(year.trim()) && { year: t.albums.yearInvalid }),
    }),
    submit: async ({ name, theme, year }) => {
      const body = { name: name.trim(), theme: theme.trim() || null, year: year.trim() ? Number(year) : null, visibility };
      const answer = album
        ? await rest.call('albums.update', { params: { id: album.id }, body })
        : await rest.call('albums.create', { body });
      onClose();
      onDone(answer.album);
    },
  });
  return (
    <Dialog title={album ? t.albums.edit : t.albums.make} onClose={onClose}>
      <form {...form}>
        {fault && <Notice tone="bad">{fault}</Notice>}
        <Field {...field('name')} autoComplete="off" maxLength={100} autoFocus />
        <div class="field-pair">
          <Field {...field('theme')} autoComplete="off" maxLength={50} />
          <Field {...field('year')} autoComplete="off" maxLength={4} />
        </div>
        <fieldset class="checks">
          <legend>{t.albums.visibility}</legend>
          {visibilities.map((key) => (
            <label key={key} class="check">
              <input type="radio" name="visibility" checked={visibility === key} onChange={() => setVisibility(key)} />
              <span>{t.albums.visibilities[key]}</span>
            </label>
          ))}
        </fieldset>
        <button type="submit" class="button primary wide" disabled={busy}>
          {busy ? t.settings.busy : album ? t.settings.save : t.albums.make}
        </button>
      </form>
    </Dialog>
  );
}

function isYear(text: string): boolean {
  return text === '' || (/^\d{4}$/.test(text) && Number(text) >= years.first && Number(text) <= years.last);
}
