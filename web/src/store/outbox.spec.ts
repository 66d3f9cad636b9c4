import { describe, expect, it } from '@jest/globals';
import { Outbox, type Try } from './outbox.js';

const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};
const immediately = { tries: 3, wait: () => Promise.resolve() };

/** Adds a message whose tries end as listed, and notes what happens. */
function add(outbox: Outbox<string>, key: string, outcomes: Try<string>['outcome'][], happened: string[]): void {
  outbox.add({
    key,
    attempt: async () => {
      happened.push(`try ${key}`);
      const outcome = outcomes.shift() ?? 'sent';
      return outcome === 'sent' ? { outcome, answer: key } : { outcome, fault: outcome };
    },
    sent: () => happened.push(`sent ${key}`),
    refused: () => happened.push(`refused ${key}`),
  });
}

describe('the outbox', () => {
  it('keeps the order of writing, also when the first one has to be repeated', async () => {
    const happened: string[] = [];
    const outbox = new Outbox<string>(immediately);
    outbox.line(true);
    add(outbox, 'a', ['later', 'sent'], happened);
    add(outbox, 'b', [], happened);
    await settle();
    expect(happened).toEqual(['try a', 'try a', 'sent a', 'try b', 'sent b']);
  });

  it('waits while the line is closed, and goes on when it opens', async () => {
    const happened: string[] = [];
    const outbox = new Outbox<string>(immediately);
    add(outbox, 'a', [], happened);
    await settle();
    expect(happened).toEqual([]);
    outbox.line(true);
    await settle();
    expect(happened).toEqual(['try a', 'sent a']);
  });

  it('gives up after a few tries, and lets the next one pass', async () => {
    const happened: string[] = [];
    const outbox = new Outbox<string>(immediately);
    outbox.line(true);
    add(outbox, 'a', ['later', 'later', 'later', 'later'], happened);
    add(outbox, 'b', ['refused'], happened);
    add(outbox, 'c', [], happened);
    await settle();
    await settle();
    expect(happened.filter((word) => !word.startsWith('try'))).toEqual(['refused a', 'refused b', 'sent c']);
    expect(happened.filter((word) => word === 'try a')).toHaveLength(3);
  });

  it('does not count a try that a cut of the line explains', async () => {
    const happened: string[] = [];
    const outbox = new Outbox<string>({ tries: 1, wait: () => Promise.resolve() });
    outbox.line(true);
    outbox.add({
      key: 'a',
      attempt: async () => {
        happened.push('try');
        if (happened.length > 1) return { outcome: 'sent', answer: 'a' };
        outbox.line(false);
        return { outcome: 'later', fault: 'cut' };
      },
      sent: () => happened.push('sent'),
      refused: () => happened.push('refused'),
    });
    await settle();
    outbox.line(true);
    await settle();
    expect(happened).toEqual(['try', 'try', 'sent']);
  });
});
