import { useEffect, useRef, useState } from 'preact/hooks';
import type { SearchHit } from '../api/wire.js';
import { rest } from '../app/account.js';
import { chat } from '../app/live.js';
import { findOneRoom } from '../app/room-list.js';
import { navigate, place } from '../app/router.js';
import { Field } from '../components/field.js';
import { Icon } from '../components/icon.js';
import { ListState } from '../components/list-state.js';
import { Empty } from '../components/notice.js';
import { SearchHitRow } from '../components/search-hit-row.js';
import { Tabs } from '../components/tabs.js';
import { usePages } from '../components/use-list.js';
import { useSettled } from '../components/use-settled.js';
import { useNow, useStore } from '../components/use-store.js';
import { roomTitle } from '../text/names.js';
import { t } from '../texts/index.js';
import { FramedPage } from './frame.js';

const kinds = ['all', 'messages', 'posts', 'comments', 'people', 'rooms', 'tags'] as const;
type Kind = (typeof kinds)[number];

/** One search over everything that a person may read. What is asked stands in the address. */
export function SearchPage() {
  const asked = useStore(place, ({ search }) => search);
  const query = new URLSearchParams(asked);
  const room = query.get('room');
  const kind: Kind = kinds.find((key) => key === query.get('kind')) ?? 'all';
  const [typed, setTyped] = useState(query.get('q') ?? '');
  const words = useSettled(typed.trim());
  const body = useRef<HTMLDivElement>(null);

  const ask = (change: Partial<Record<'q' | 'kind' | 'room', string | null>>) => {
    const next = new URLSearchParams(place.get().search);
    for (const [key, value] of Object.entries(change)) {
      if (value) next.set(key, value);
      else next.delete(key);
    }
    const text = next.toString();
    navigate(text ? `/search?${text}` : '/search', { replace: true });
  };
  useEffect(() => {
    if (place.get().path === '/search' && (query.get('q') ?? '') !== words) ask({ q: words });
  }, [words]);

  const step = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const field = body.current?.querySelector<HTMLElement>('input[name=q]');
    const target = event.target as HTMLElement;
    if (by === 0 || !field || (target !== field && !target.closest('.hit'))) return;
    const stops = [field, ...(body.current?.querySelectorAll<HTMLElement>('.hit') ?? [])];
    const next = stops[stops.indexOf(target.closest<HTMLElement>('.hit') ?? field) + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <FramedPage area="search" title={t.search.title}>
      <div ref={body} onKeyDown={step}>
        <form role="search" onSubmit={(event) => event.preventDefault()}>
          <Field
            label={t.search.field}
            name="q"
            type="search"
            value={typed}
            onValue={setTyped}
            hint={t.search.hint}
            autoComplete="off"
            autoFocus
            maxLength={256}
          />
        </form>
        {room !== null && <InRoom reference={room} onEverywhere={() => ask({ room: null })} />}
        {words === '' ? (
          <Empty title={t.search.begin} text={t.search.beginText} />
        ) : room !== null ? (
          <Hits key="room" words={words} kind="messages" room={room} />
        ) : (
          <Tabs
            label={t.search.title}
            tabs={kinds.map((key) => ({ key, title: t.search.kinds[key] }))}
            current={kind}
            onTab={(key) => ask({ kind: key === 'all' ? null : key })}
          >
            <Hits words={words} kind={kind} room={null} />
          </Tabs>
        )}
      </div>
    </FramedPage>
  );
}

function InRoom({ reference, onEverywhere }: { reference: string; onEverywhere: () => void }) {
  const room = useStore(chat, (state) => state.directory.byId[reference]);
  useEffect(() => {
    if (!room) findOneRoom(reference).catch(() => undefined);
  }, [reference]);
  return (
    <p class="toolbar in-room">
      <span class="tag">
        <Icon name="search" />
        {room ? t.search.inRoom(roomTitle(room)) : t.search.kinds.messages}
      </span>
      <button type="button" class="button quiet small" onClick={onEverywhere}>
        {t.search.everywhere}
      </button>
    </p>
  );
}

function Hits({ words, kind, room }: { words: string; kind: Kind; room: string | null }) {
  const pages = usePages<SearchHit>(
    (cursor) =>
      rest.call('search', {
        query: { q: words, ...(kind !== 'all' && { kind }), ...(room !== null && { room }), ...(cursor && { cursor }) },
      }),
    [words, kind, room],
  );
  const now = useNow();
  const items = pages.items ?? [];
  const parts = kind === 'all' ? groups(items) : [{ kind, hits: items }];
  return (
    <>
      <p class="visually-hidden" role="status">
        {pages.items && t.search.found(items.length)}
      </p>
      <ListState of={pages} empty={t.search.none} emptyText={t.search.noneText}>
        {parts.map((part) => (
          <section key={part.kind} class="hits">
            {kind === 'all' && <h2 class="section-title">{t.search.kinds[part.kind]}</h2>}
            <ul>
              {part.hits.map((hit) => (
                <SearchHitRow key={`${hit.kind} ${keyOf(hit)}`} hit={hit} now={now} />
              ))}
            </ul>
          </section>
        ))}
      </ListState>
    </>
  );
}

const kindOf = { message: 'messages', post: 'posts', comment: 'comments', person: 'people', room: 'rooms', tag: 'tags' } as const;

/** The hits by their kinds, in the order in which the kinds first appear. */
function groups(hits: readonly SearchHit[]): readonly { kind: Kind; hits: SearchHit[] }[] {
  const byKind = new Map<Kind, SearchHit[]>();
  for (const hit of hits) {
    const kind = kindOf[hit.kind];
    byKind.set(kind, [...(byKind.get(kind) ?? []), hit]);
  }
  return [...byKind].map(([kind, found]) => ({ kind, hits: found }));
}

function keyOf(hit: SearchHit): string {
  switch (hit.kind) {
    case 'message':
      return hit.message.id;
    case 'post':
      return hit.post.id;
    case 'comment':
      return hit.comment.id;
    case 'person':
      return hit.person.id;
    case 'room':
      return hit.room.id;
    case 'tag':
      return hit.tag.name;
  }
}
