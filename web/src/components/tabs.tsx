import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface TabsProps<K extends string> {
  label: string;
  tabs: readonly { key: K; title: ComponentChildren }[];
  current: K;
  onTab: (key: K) => void;
  children: ComponentChildren;
}

/** A row of titles and what belongs to the chosen one. The arrow keys go from title to title. */
export function Tabs<K extends string>({ label, tabs, current, onTab, children }: TabsProps<K>) {
  const id = useId();
  const row = useRef<HTMLDivElement>(null);
  // A row that is wider than the page shows the chosen title.
  useEffect(() => {
    const titles = row.current;
    const chosen = titles?.querySelector<HTMLElement>('[aria-selected=true]');
    if (titles && chosen && titles.scrollWidth > titles.clientWidth) chosen.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current]);
  const go = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ key }) => key === current);
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -at, End: tabs.length - 1 - at }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (at + step + tabs.length) % tabs.length;
    onTab(tabs[next]!.key);
    row.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={row} onKeyDown={go}>
        {tabs.map(({ key, title }) => (
          <button
            key={key}
            type="button"
            role="tab"
            id={`${id}-${key}`}
            aria-selected={key === current}
            aria-controls={`${id}-panel`}
            tabIndex={key === current ? 0 : -1}
            onClick={() => onTab(key)}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${current}`} class="tab-panel">
        {children}
      </div>
    </>
  );
}
