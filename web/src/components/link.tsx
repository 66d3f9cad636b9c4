import type { ComponentChildren } from 'preact';
import { navigate } from '../app/router.js';

interface LinkProps {
  to: string;
  class?: string | undefined;
  label?: string | undefined;
  current?: boolean;
  /** -1: not reached by Tab. */
  tabIndex?: number | undefined;
  state?: Record<string, unknown>;
  children: ComponentChildren;
}

/** A link within this site, without loading the page anew; a new tab works as ever. */
export function Link({ to, label, current, tabIndex, state, children, ...rest }: LinkProps) {
  const click = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to, state ? { state } : {});
  };
  return (
    <a href={to} class={rest.class} aria-label={label} aria-current={current ? 'page' : undefined} tabIndex={tabIndex} onClick={click}>
      {children}
    </a>
  );
}
