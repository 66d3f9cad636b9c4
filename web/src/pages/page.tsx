import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Logo } from '../components/icon.js';
import { LanguagePicker } from '../components/language-picker.js';
import { Link } from '../components/link.js';
import { t } from '../texts/index.js';

let firstPage = true;

/** Names the page in the window's title, and moves the focus to its heading after a change of page. */
export function usePage(title: string, unread = 0) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = t.app.pageTitle(title, unread);
  }, [title, unread]);
  useEffect(() => {
    if (!firstPage && !heading.current?.closest('main')?.contains(document.activeElement)) heading.current?.focus({ preventScroll: true });
    firstPage = false;
  }, []);
  return heading;
}

/** The frame of the pages around an account: one calm card. */
export function CardPage({
  title,
  lead,
  wide,
  children,
}: {
  title: string;
  lead?: ComponentChildren;
  wide?: boolean;
  children: ComponentChildren;
}) {
  const heading = usePage(title);
  return (
    <div class="card-page">
      <header class="brand">
        <Link to="/" class="brand-link">
          <Logo />
          <span>{t.app.name}</span>
        </Link>
      </header>
      <main id="main" class={`card${wide ? ' wide' : ''}`}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead && <p class="lead">{lead}</p>}
        {children}
      </main>
      <footer class="page-foot">
        <LanguagePicker />
      </footer>
    </div>
  );
}
