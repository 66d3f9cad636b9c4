import type { UserLocale } from '../users/index.js';

/** What a page about the mails says. */
export type UnsubscribeStep = 'ask' | 'done' | 'unknown';

const words: Record<UserLocale, Record<UnsubscribeStep, { heading: string; text: string }> & { button: string }> = {
  en: {
    ask: { heading: 'No more mails about notifications?', text: 'Parley will not gather your unread notifications in mails any more.' },
    done: { heading: 'Done', text: 'You get no more mails about notifications. You can turn them on again in your settings.' },
    unknown: { heading: 'This link does not work', text: 'It is not whole, or from another server. Open the link in the mail once more.' },
    button: 'No more mails',
  },
  uk: {
    ask: { heading: 'Більше не надсилати листів про сповіщення?', text: 'Parley більше не збиратиме ваші непрочитані сповіщення в листи.' },
    done: { heading: 'Готово', text: 'Листи про сповіщення більше не надходитимуть. Увімкнути їх знову можна в налаштуваннях.' },
    unknown: { heading: 'Це посилання не працює', text: 'Воно неповне або з іншого сервера. Відкрийте посилання з листа ще раз.' },
    button: 'Не надсилати',
  },
  ru: {
    ask: {
      heading: 'Больше не присылать письма об уведомлениях?',
      text: 'Parley больше не будет собирать ваши непрочитанные уведомления в письма.',
    },
    done: { heading: 'Готово', text: 'Письма об уведомлениях больше не придут. Включить их снова можно в настройках.' },
    unknown: { heading: 'Эта ссылка не работает', text: 'Она неполная или с другого сервера. Откройте ссылку из письма ещё раз.' },
    button: 'Не присылать',
  },
};

const style = `
:root{color-scheme:light dark;--page:#eef0f4;--card:#fff;--strong:#1c1f2a;--plain:#2f3444;--button:#3a54c4}
@media (prefers-color-scheme:dark){:root{--page:#14161d;--card:#1f222c;--strong:#f3f4f8;--plain:#d5d8e2;--button:#4a66dc}}
body{margin:0;background:var(--page);color:var(--plain);font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}
main{max-width:32rem;margin:3rem auto;padding:1.75rem 1.5rem;background:var(--card);border-radius:12px}
h1{margin:0 0 1rem;font-size:1.4rem;line-height:1.35;color:var(--strong)}
button{font:inherit;font-weight:600;color:#fff;background:var(--button);border:0;border-radius:8px;padding:.8rem 1.6rem;cursor:pointer}`;

/** A small page that needs no script. Its form posts to the address that it was opened at. */
export function unsubscribePage(locale: UserLocale, step: UnsubscribeStep): string {
  const { heading, text } = words[locale][step];
  const form =
    step === 'ask'
      ? `<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button type="submit">${words[locale].button}</button></form>`
      : '';
  return `<!DOCTYPE html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${heading}</title>
<style>${style}</style>
</head>
<body><main><h1>${heading}</h1><p>${text}</p>${form}</main></body>
</html>
`;
}
