import { useEffect, useState } from 'preact/hooks';
import { chat, connectNow } from '../app/live.js';
import { faultText, t } from '../texts/index.js';
import { Icon } from './icon.js';
import { useStore } from './use-store.js';

/** How long a cut may last before it is worth a word, in milliseconds. */
const patience = 1_200;

/** Says that the connection is gone, and that it is back. Short cuts pass without a word. */
export function ConnectionBanner() {
  const state = useStore(chat, (all) => all.connection);
  const fault = useStore(chat, (all) => all.connectionFault);
  const [shown, setShown] = useState<'nothing' | 'gone' | 'back'>('nothing');

  useEffect(() => {
    if (state === 'waiting') {
      const timer = setTimeout(() => setShown('gone'), patience);
      return () => clearTimeout(timer);
    }
    if (state !== 'online') {
      setShown('nothing');
      return undefined;
    }
    setShown((before) => (before === 'gone' ? 'back' : 'nothing'));
    const timer = setTimeout(() => setShown('nothing'), 2_500);
    return () => clearTimeout(timer);
  }, [state]);

  // The live region has to be there before its words are.
  return (
    <div class="banner-place" role="status">
      {shown === 'gone' && (
        <div class="banner gone">
          <Icon name="warn" />
          <span>
            {navigator.onLine ? (fault && fault.code !== 'network.down' ? faultText(fault) : t.connection.waiting) : t.connection.offline}
          </span>
          <button type="button" class="link-button" onClick={connectNow}>
            {t.connection.now}
          </button>
        </div>
      )}
      {shown === 'back' && (
        <div class="banner back">
          <Icon name="check" />
          <span>{t.connection.back}</span>
        </div>
      )}
    </div>
  );
}
