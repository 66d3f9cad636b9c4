import { commands } from '../text/slash.js';
import { t } from '../texts/index.js';
import { Dialog } from './dialog.js';

/** What one can type, and which keys do what. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t.help.title} onClose={onClose}>
      <dl class="help">
        {commands.map((command) => (
          <div key={command}>
            <dt>
              <code>{t.help.usage[command]}</code>
            </dt>
            <dd>{t.help.commands[command]}</dd>
          </div>
        ))}
        {t.help.keys.map(([keys, words]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
