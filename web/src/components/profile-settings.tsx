import { useState } from 'preact/hooks';
import type { Me } from '../api/wire.js';
import { clearAvatar, setAvatar } from '../app/pictures.js';
import { changeProfile } from '../app/profile.js';
import { toast } from '../app/toasts.js';
import { t } from '../texts/index.js';
import { Avatar } from './avatar.js';
import { BusinessSettings } from './business-settings.js';
import { Field, TextField } from './field.js';
import { useForm } from './form.js';
import { LanguagePicker } from './language-picker.js';
import { Notice } from './notice.js';
import { PictureHistory } from './picture-history.js';
import { PicturePicker } from './picture-picker.js';
import { SignatureSettings } from './signature-settings.js';

/** What others see of one, and the language. */
export function ProfileSettings({ me }: { me: Me }) {
  const [visible, setVisible] = useState(me.birthDateVisible);
  const { field, form, fault, busy } = useForm({
    initial: { firstName: me.firstName, lastName: me.lastName, about: me.about ?? '', birthDate: me.birthDate ?? '' },
    labels: {
      firstName: t.settings.firstName,
      lastName: t.settings.lastName,
      about: t.settings.about,
      birthDate: t.settings.birthDate,
    },
    check: ({ birthDate }) =>
      birthDate === '' || (Date.parse(birthDate) < Date.now() && birthDate >= '1900') ? {} : { birthDate: t.settings.birthDateInvalid },
    submit: async ({ firstName, lastName, about, birthDate }) => {
      await changeProfile({
        firstName: firstName.trim() || null,
        lastName: lastName.trim() || null,
        about: about.trim() || null,
        birthDate: birthDate || null,
        birthDateVisible: visible,
      });
      toast(t.settings.saved);
    },
  });
  return (
    <>
      <PicturePicker
        shown={<Avatar name={me.displayName || me.username} id={me.id} url={me.avatarUrl} size="large" />}
        name="avatar"
        label={t.profile.picture}
        onPick={setAvatar}
        onClear={me.avatarUrl === null ? undefined : clearAvatar}
      />
      <PictureHistory shown={me.avatarUrl} />
      <form {...form}>
        {fault && <Notice tone="bad">{fault}</Notice>}
        <div class="field-pair">
          <Field {...field('firstName')} autoComplete="given-name" maxLength={30} />
          <Field {...field('lastName')} autoComplete="family-name" maxLength={30} />
        </div>
        <TextField {...field('about')} hint={t.settings.aboutHint} maxLength={500} />
        <Field {...field('birthDate')} type="date" autoComplete="bday" />
        <label class="check">
          <input type="checkbox" checked={visible} onChange={(event) => setVisible(event.currentTarget.checked)} />
          <span>{t.settings.birthDateVisible}</span>
        </label>
        <button type="submit" class="button primary" disabled={busy}>
          {busy ? t.settings.busy : t.settings.save}
        </button>
      </form>
      {me.accountType !== 'member' && <BusinessSettings me={me} />}
      <SignatureSettings me={me} />
      <section class="part">
        <h2>{t.app.language}</h2>
        <LanguagePicker />
      </section>
    </>
  );
}
