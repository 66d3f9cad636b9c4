import type { Notification, NotificationKind } from '../../contracts/index.js';

type Locale = 'en' | 'uk' | 'ru';

/** What a notification's sentence is made of. */
export interface TextFacts extends Pick<Notification, 'kind' | 'count' | 'actorCount'> {
  /** How the people are called who did it last, the newest first. */
  names: readonly string[];
  /** null: the reader may not know it (any more). */
  room: Notification['room'];
  announcement?: string | undefined;
  /** The title of the post that it is about. */
  post?: string | undefined;
  /** Why a moderator acted. */
  reason?: string | undefined;
}

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

interface Words {
  nobody: string;
  two: (first: string, second: string) => string;
  more: (first: string, others: string) => string;
  others: Forms;
  /** Where something happened: in a room by its title, in a room of two, in one that is not known. */
  in: { room: (title: string) => string; direct: string; unknown: string };
  into: { room: (title: string) => string; unknown: string };
  times: Forms;
  posted: Forms;
  quoted: (title: string) => string;
  sentences: Record<
    Exclude<NotificationKind, 'announcement'>,
    (facts: {
      who: string;
      in: string;
      into: string;
      times: string;
      posted: string;
      post: string;
      reason: string;
      plural: boolean;
    }) => string
  >;
}

// The sentences of Ukrainian and Russian are built so that no verb needs the gender of whoever did it.
const words: Record<Locale, Words> = {
  en: {
    nobody: 'Somebody',
    two: (first, second) => `${first} and ${second}`,
    more: (first, others) => `${first} and ${others}`,
    others: { one: '# other', other: '# others' },
    in: { room: (title) => `in ${title}`, direct: 'in your conversation', unknown: 'in a room' },
    into: { room: (title) => `to ${title}`, unknown: 'to a room' },
    times: { one: '# time', other: '# times' },
    posted: { one: '# new message', other: '# new messages' },
    quoted: (title) => `“${title}”`,
    sentences: {
      'friend.requested': ({ who }) => `${who} would like to be your friend`,
      'friend.accepted': ({ who, plural }) => `${who} accepted your friend ${plural ? 'requests' : 'request'}`,
      'message.mention': ({ who, in: where, times }) => `${who} mentioned you ${where}${times}`,
      'message.reply': ({ who, in: where, times }) => `${who} replied to you ${where}${times}`,
      'message.posted': ({ posted, in: where }) => `${posted} ${where}`,
      'room.added': ({ who, into }) => `${who} added you ${into}`,
      'post.liked': ({ who, post }) => `${who} liked your post${post}`,
      'comment.liked': ({ who, post }) => `${who} liked your comment${post}`,
      'post.commented': ({ who, post, times }) => `${who} commented on your post${post}${times}`,
      'comment.answered': ({ who, post, times }) => `${who} answered your comment${post}${times}`,
      'post.mentioned': ({ who, post, times }) => `${who} mentioned you${post}${times}`,
      'moderation.warned': ({ reason }) => `A moderator warns you: ${reason}`,
      'moderation.muted': ({ reason }) => `A moderator muted you, you may only read for now: ${reason}`,
      'export.ready': () => 'The archive of your data is ready for download',
      'security.password-changed': () => 'Your password was changed',
      'security.password-reset': () => 'Your password was replaced, and all devices were signed out',
      'security.email-changed': () => 'The email address of your account was changed',
      'security.username-changed': () => 'Your username was changed',
      'security.session-theft': () => 'A device was signed out, because the key that keeps it signed in was used twice',
    },
  },
  uk: {
    nobody: 'хтось',
    two: (first, second) => `${first} і ${second}`,
    more: (first, others) => `${first} і ще ${others}`,
    others: { one: '# людина', few: '# людини', other: '# людей' },
    in: { room: (title) => `в «${title}»`, direct: 'в особистій розмові', unknown: 'в одній із кімнат' },
    into: { room: (title) => `до «${title}»`, unknown: 'до кімнати' },
    times: { one: '# раз', few: '# рази', other: '# разів' },
    posted: { one: '# нове повідомлення', few: '# нові повідомлення', other: '# нових повідомлень' },
    quoted: (title) => `«${title}»`,
    sentences: {
      'friend.requested': ({ who }) => `Новий запит на дружбу: ${who}`,
      'friend.accepted': ({ who, plural }) => `${plural ? 'Ваші запити на дружбу прийнято' : 'Ваш запит на дружбу прийнято'}: ${who}`,
      'message.mention': ({ who, in: where, times }) => `Вас згадали ${where}: ${who}${times}`,
      'message.reply': ({ who, in: where, times }) => `Вам відповіли ${where}: ${who}${times}`,
      'message.posted': ({ posted, in: where }) => `${posted} ${where}`,
      'room.added': ({ who, into }) => `Вас додали ${into}: ${who}`,
      'post.liked': ({ who, post }) => `Ваш допис подобається${post}: ${who}`,
      'comment.liked': ({ who, post }) => `Ваш коментар подобається${post}: ${who}`,
      'post.commented': ({ who, post, times }) => `Новий коментар до вашого допису${post}: ${who}${times}`,
      'comment.answered': ({ who, post, times }) => `Відповідь на ваш коментар${post}: ${who}${times}`,
      'post.mentioned': ({ who, post, times }) => `Вас згадали${post}: ${who}${times}`,
      'moderation.warned': ({ reason }) => `Попередження від модератора: ${reason}`,
      'moderation.muted': ({ reason }) => `Модератор дозволив вам поки що лише читати: ${reason}`,
      'export.ready': () => 'Архів ваших даних готовий до завантаження',
      'security.password-changed': () => 'Ваш пароль змінено',
      'security.password-reset': () => 'Ваш пароль замінено, на всіх пристроях виконано вихід',
      'security.email-changed': () => 'Адресу пошти вашого облікового запису змінено',
      'security.username-changed': () => 'Ваше ім’я користувача змінено',
      'security.session-theft': () => 'На одному пристрої виконано вихід: його ключ входу використали двічі',
    },
  },
  ru: {
    nobody: 'кто-то',
    two: (first, second) => `${first} и ${second}`,
    more: (first, others) => `${first} и ещё ${others}`,
    others: { one: '# человек', few: '# человека', other: '# человек' },
    in: { room: (title) => `в «${title}»`, direct: 'в личной переписке', unknown: 'в одной из комнат' },
    into: { room: (title) => `в «${title}»`, unknown: 'в комнату' },
    times: { one: '# раз', few: '# раза', other: '# раз' },
    posted: { one: '# новое сообщение', few: '# новых сообщения', other: '# новых сообщений' },
    quoted: (title) => `«${title}»`,
    sentences: {
      'friend.requested': ({ who }) => `Новая заявка в друзья: ${who}`,
      'friend.accepted': ({ who, plural }) => `${plural ? 'Ваши заявки в друзья приняты' : 'Ваша заявка в друзья принята'}: ${who}`,
      'message.mention': ({ who, in: where, times }) => `Вас упомянули ${where}: ${who}${times}`,
      'message.reply': ({ who, in: where, times }) => `Вам ответили ${where}: ${who}${times}`,
      'message.posted': ({ posted, in: where }) => `${posted} ${where}`,
      'room.added': ({ who, into }) => `Вас добавили ${into}: ${who}`,
      'post.liked': ({ who, post }) => `Ваша запись нравится${post}: ${who}`,
      'comment.liked': ({ who, post }) => `Ваш комментарий нравится${post}: ${who}`,
      'post.commented': ({ who, post, times }) => `Новый комментарий к вашей записи${post}: ${who}${times}`,
      'comment.answered': ({ who, post, times }) => `Ответ на ваш комментарий${post}: ${who}${times}`,
      'post.mentioned': ({ who, post, times }) => `Вас упомянули${post}: ${who}${times}`,
      'moderation.warned': ({ reason }) => `Предупреждение модератора: ${reason}`,
      'moderation.muted': ({ reason }) => `Модератор разрешил вам пока только читать: ${reason}`,
      'export.ready': () => 'Архив ваших данных готов к скачиванию',
      'security.password-changed': () => 'Ваш пароль изменён',
      'security.password-reset': () => 'Ваш пароль заменён, на всех устройствах выполнен выход',
      'security.email-changed': () => 'Адрес почты вашей учётной записи изменён',
      'security.username-changed': () => 'Ваше имя пользователя изменено',
      'security.session-theft': () => 'На одном устройстве выполнен выход: его ключ входа использовали дважды',
    },
  },
};

const rules: Record<Locale, Intl.PluralRules> = {
  en: new Intl.PluralRules('en'),
  uk: new Intl.PluralRules('uk'),
  ru: new Intl.PluralRules('ru'),
};

/** A number of things in words. */
export function counted(locale: Locale, forms: Forms, n: number): string {
  return (forms[rules[locale].select(n)] ?? forms.other).replace('#', String(n));
}

/** A notification in one sentence of plain text, without a full stop. */
export function notificationText(locale: Locale, facts: TextFacts): string {
  if (facts.kind === 'announcement') return facts.announcement ?? '';
  const say = words[locale];
  const { room } = facts;
  return say.sentences[facts.kind]({
    who: whoOf(say, locale, facts),
    in: !room ? say.in.unknown : room.kind === 'direct' ? say.in.direct : say.in.room(room.title),
    into: room ? say.into.room(room.title) : say.into.unknown,
    times: facts.count > 1 ? ` (${counted(locale, say.times, facts.count)})` : '',
    posted: counted(locale, say.posted, facts.count),
    post: facts.post === undefined ? '' : ` ${say.quoted(facts.post)}`,
    reason: facts.reason ?? '',
    plural: facts.count > 1,
  });
}

function whoOf(say: Words, locale: Locale, { names, actorCount }: TextFacts): string {
  const [first = say.nobody, second] = names;
  if (actorCount <= 1) return first;
  if (actorCount === 2 && second !== undefined) return say.two(first, second);
  return say.more(first, counted(locale, say.others, actorCount - 1));
}
