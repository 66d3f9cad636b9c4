import { announcement, dismiss, toasts } from '../app/toasts.js';
import { t } from '../texts/index.js';
import { Icon } from './icon.js';
import { Link } from './link.js';
import { useStore } from './use-store.js';

/** Short words at the edge of the page, and what a screen reader says of new messages. */
export function Toasts() {
  const list = useStore(toasts, (all) => all);
  const spoken = useStore(announcement, (text) => text);
  return (
    <>
      <div class="visually-hidden" aria-live="polite">
        {spoken}
      </div>
      <div class="toasts" role="status">
        {list.map((toast) => (
          <div key={toast.key} class={`toast ${toast.tone}`}>
            <span>{toast.text}</span>
            {toast.action && <Link to={toast.action.path}>{toast.action.label}</Link>}
            <button type="button" class="icon-button" aria-label={t.app.dismiss} onClick={() => dismiss(toast.key)}>
              <Icon name="close" />
            </button>
          </div>
        ))}
      </div>
    </>
  );
}
