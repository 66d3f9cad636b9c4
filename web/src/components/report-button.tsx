import { askReport, type Reported } from '../app/asking.js';
import { t } from '../texts/index.js';
import { Icon } from './icon.js';

/** The button that tells the moderators of something. @param name of whom or what it speaks */
export function ReportButton({ of, name }: { of: Reported; name: string }) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={t.friends.of(t.report.titles[of.kind], name)}
      title={t.report.titles[of.kind]}
      onClick={() => askReport(of)}
    >
      <Icon name="flag" />
    </button>
  );
}
