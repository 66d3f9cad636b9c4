import { Inject, Injectable, Optional } from '@nestjs/common';
import { Metrics } from '../metrics/index.js';
import { MailSender } from './mail-sender.js';
import { MailStore } from './mail-store.js';

/** The queue of mails, for whoever watches. What waits is the same on every node; what was sent is this node's. */
@Injectable()
export class MailMetrics {
  /** @param sender absent where mails end in the development mailbox */
  constructor(metrics: Metrics, store: MailStore, @Optional() @Inject(MailSender) sender: MailSender | null) {
    metrics.asked(
      {
        parley_mails_waiting: 'Mails that wait to be sent, on all nodes',
        parley_mails_oldest_seconds: 'How long the oldest of them has waited',
      },
      async () => {
        const { waiting, oldestSeconds } = await store.backlog();
        return { parley_mails_waiting: waiting, parley_mails_oldest_seconds: oldestSeconds };
      },
    );
    metrics.tallies('parley_mails_total', 'Attempts to send a mail, by how they ended', 'outcome', () =>
      Object.entries(sender?.counts ?? { sent: 0, postponed: 0, 'given-up': 0 }),
    );
  }
}
