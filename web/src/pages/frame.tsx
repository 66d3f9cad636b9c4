import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { startChat } from '../app/chat.js';
import { startPersonal } from '../app/personal.js';
import { ConnectionBanner } from '../components/connection-banner.js';
import { type Area, MainNav } from '../components/main-nav.js';
import { usePage } from './page.js';

/** The frame of the pages of a signed-in person beside the chat. */
export function FramedPage({ area, title, children }: { area: Area; title: string; children: ComponentChildren }) {
  useEffect(startChat, []);
  useEffect(startPersonal, []);
  const heading = usePage(title);
  return (
    <div class="framed">
      <MainNav area={area} />
      <div class="framed-body">
        <ConnectionBanner />
        <main id="main" class="sheet">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {children}
        </main>
      </div>
    </div>
  );
}
