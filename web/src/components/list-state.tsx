import type { ComponentChildren } from 'preact';
import { t } from '../texts/index.js';
import { Empty, Notice, Spinner } from './notice.js';
import type { usePages } from './use-list.js';

type Pages = Pick<ReturnType<typeof usePages>, 'items' | 'fault' | 'busy' | 'reload' | 'more'>;

/** A list with what stands around it: loading, why it could not be read, nothing there, and the button for more. */
export function ListState({
  of,
  empty,
  emptyText,
  children,
}: {
  of: Pages;
  empty: string;
  emptyText?: string;
  children: ComponentChildren;
}) {
  return (
    <>
      {of.fault && (
        <Notice tone="bad">
          {of.fault}{' '}
          <button type="button" class="link-button" onClick={of.more ?? of.reload}>
            {t.app.tryAgain}
          </button>
        </Notice>
      )}
      {of.items === null ? (
        !of.fault && <Spinner label={t.app.loading} />
      ) : of.items.length === 0 ? (
        <Empty title={empty} {...(emptyText && { text: emptyText })} />
      ) : (
        children
      )}
      {of.more && !of.fault && (
        <button type="button" class="button quiet wide" disabled={of.busy} onClick={of.more}>
          {of.busy ? t.app.loading : t.app.more}
        </button>
      )}
    </>
  );
}
