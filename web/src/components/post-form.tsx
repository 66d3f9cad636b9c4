import { useState } from 'preact/hooks';
import type { Message, Post } from '../api/wire.js';
import { rest } from '../app/account.js';
import { toWebAddress } from '../text/paths.js';
import { t } from '../texts/index.js';
import { Field, TextField } from './field.js';
import { useForm } from './form.js';
import { Icon } from './icon.js';
import { Notice } from './notice.js';
import { PictureStrip } from './picture-strip.js';
import { SharedMessage } from './post-card.js';
import { TagField } from './tag-field.js';
import { usePictures } from './use-pictures.js';
import { useNow } from './use-store.js';

const mostPictures = 9;
const mostLinks = 20;

interface PostFormProps {
  /** The post that is changed; absent: a new one. */
  post?: Post;
  sharedMessage?: Message | null;
  tags?: readonly string[];
  onDone: (post: Post) => void;
  onCancel: () => void;
}

/** Where a post is written or changed. */
export function PostForm({ post, sharedMessage, tags: firstTags = [], onDone, onCancel }: PostFormProps) {
  const [tags, setTags] = useState<readonly string[]>(post?.tags ?? firstTags);
  const [links, setLinks] = useState<readonly string[]>(post?.links.map(({ url }) => url) ?? []);
  const pictures = usePictures(post?.images ?? [], mostPictures);
  const now = useNow();
  const { field, form, fault, busy } = useForm({
    initial: { title: post?.title ?? '', content: post?.content ?? '', link: post?.link ?? '' },
    labels: { title: t.posts.titleField, content: t.posts.contentField, link: t.posts.linkField },
    check: ({ title, link }) => ({
      ...(title.trim() === '' && { title: t.posts.titleNeeded }),
      ...(link.trim() !== '' && toWebAddress(link) === null && { link: t.posts.linkInvalid }),
    }),
    submit: async ({ title, content, link }) => {
      const body = {
        title: title.trim(),
        content,
        tags: [...tags],
        imageIds: pictures.ids,
        link: toWebAddress(link),
        links: links.flatMap((typed) => toWebAddress(typed) ?? []),
      };
      const answer = post
        ? await rest.call('posts.update', { params: { id: post.id }, body })
        : await rest.call('posts.create', { body: { ...body, ...(sharedMessage && { sharedMessage: sharedMessage.id }) } });
      onDone(answer.post);
    },
  });
  const wrongLink = links.some((typed) => typed.trim() !== '' && toWebAddress(typed) === null);
  return (
    <form {...form} class="post-form">
      {fault && <Notice tone="bad">{fault}</Notice>}
      <Field {...field('title')} autoComplete="off" maxLength={255} autoFocus />
      <TextField {...field('content')} maxLength={20_000} />
      {sharedMessage && <SharedMessage message={sharedMessage} now={now} />}
      <PictureStrip {...pictures} />
      <TagField tags={tags} onTags={setTags} />
      <Field {...field('link')} autoComplete="off" hint={t.posts.linkHint} maxLength={2048} />
      <fieldset class="link-fields">
        <legend>{t.posts.links}</legend>
        {links.map((link, at) => (
          <LinkField
            key={at}
            number={at + 1}
            value={link}
            onValue={(value) => setLinks(links.map((other, index) => (index === at ? value : other)))}
            onRemove={() => setLinks(links.filter((_, index) => index !== at))}
          />
        ))}
        {links.length < mostLinks && (
          <button type="button" class="button quiet small" onClick={() => setLinks([...links, ''])}>
            <Icon name="plus" />
            {t.posts.addLink}
          </button>
        )}
      </fieldset>
      <div class="actions">
        <button type="button" class="button quiet" onClick={onCancel}>
          {t.app.cancel}
        </button>
        <button type="submit" class="button primary" disabled={busy || pictures.busy || wrongLink}>
          {busy ? t.settings.busy : post ? t.settings.save : t.posts.publish}
        </button>
      </div>
    </form>
  );
}

/** One further link, with a way to take it out. */
function LinkField({
  number,
  value,
  onValue,
  onRemove,
}: {
  number: number;
  value: string;
  onValue: (value: string) => void;
  onRemove: () => void;
}) {
  const isWrong = value.trim() !== '' && toWebAddress(value) === null;
  return (
    <Field
      label={t.posts.linkNumber(number)}
      name={`link${number}`}
      value={value}
      onValue={onValue}
      error={isWrong ? t.posts.linkInvalid : undefined}
      autoComplete="off"
      maxLength={2048}
      button={
        <button type="button" class="icon-button" aria-label={t.posts.removeLink(number)} onClick={onRemove}>
          <Icon name="close" />
        </button>
      }
    />
  );
}
