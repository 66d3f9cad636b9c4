import { useState } from 'preact/hooks';
import type { Author, PersonRef } from '../api/wire.js';
import { askBlock, askReport } from '../app/asking.js';
import { navigate } from '../app/router.js';
import { personPath } from '../text/paths.js';
import { t } from '../texts/index.js';
import { writeTo } from './act.js';
import { Icon } from './icon.js';
import { Menu, MenuItem } from './menu.js';

/** The button with what one can do with somebody else: write, block, report. */
export function PersonMenu({ person }: { person: Author | PersonRef }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const { id, username } = person;
  const choose = (action: () => void) => () => {
    setAnchor(null);
    action();
  };
  return (
    <>
      <button
        type="button"
        class="icon-button person-more"
        aria-haspopup="menu"
        aria-label={t.report.personMenu(username)}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <Icon name="more" />
      </button>
      {anchor && (
        <Menu label={t.report.personMenu(username)} anchor={anchor} onClose={() => setAnchor(null)}>
          <MenuItem icon="person" words={t.report.profile} onChoose={choose(() => navigate(personPath(username)))} />
          <MenuItem icon="chat" words={t.friends.write} onChoose={choose(() => writeTo(username))} />
          <MenuItem icon="block" words={t.blocks.block} onChoose={choose(() => askBlock(person))} />
          <MenuItem
            icon="flag"
            words={t.report.action}
            onChoose={choose(() => askReport({ kind: 'person', id, what: `@${username}`, owner: person }))}
          />
        </Menu>
      )}
    </>
  );
}
