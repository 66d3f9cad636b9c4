import type { ComponentChildren, VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { startChat } from '../app/chat.js';
import { startPersonal } from '../app/personal.js';
import { ConnectionBanner } from '../components/connection-banner.js';
import { Lightbox } from '../components/lightbox.js';
import { type Area, MainNav } from '../components/main-nav.js';
import { usePage } from './page.js';

interface FramedPageProps {
  area: Area;
  title: string;
  /** For lists with much in a line. */
  wide?: boolean;
  /** Puts the heading where it belongs, if that is not the top. */
  head?: (heading: VNode) => ComponentChildren;
  children: ComponentChildren;
}

/** The frame of the pages of a signed-in person beside the chat. */
export function FramedPage({ area, title, wide, head, children }: FramedPageProps) {
  useEffect(startChat, []);
  useEffect(startPersonal, []);
  const heading = usePage(title);
  const h1 = (
    <h1 ref={heading} tabIndex={-1} dir="auto">
      {title}
    </h1>
  );
  return (
    <div class="framed">
      <MainNav area={area} />
      <div class="framed-body">
        <ConnectionBanner />
        <main id="main" class={`sheet${wide ? ' wide' : ''}`}>
          {head ? head(h1) : h1}
          {children}
        </main>
      </div>
      <Lightbox />
    </div>
  );
}
