import { describe, expect, it } from '@jest/globals';
import { isQuiet } from './quiet-hours.js';

describe('quiet hours', () => {
  const night = { from: '22:00', until: '07:00', timeZone: 'Europe/Kyiv' };

  it.each([
    // Two hours ahead of UTC in winter, three in summer.
    ['2026-01-15T19:59:00Z', false],
    ['2026-01-15T20:00:00Z', true],
    ['2026-01-15T23:30:00Z', true],
    ['2026-01-16T04:59:00Z', true],
    ['2026-01-16T05:00:00Z', false],
    ['2026-07-15T18:59:00Z', false],
    ['2026-07-15T19:00:00Z', true],
    ['2026-07-16T04:00:00Z', false],
  ])('go over midnight on the person’s own clock: at %s %s', (moment, quiet) => {
    expect(isQuiet(night, new Date(moment))).toBe(quiet);
  });

  it('lie within a day, too, begin with their first minute and end before their last', () => {
    const noon = { from: '12:00', until: '13:30', timeZone: 'UTC' };
    expect(['11:59', '12:00', '13:29', '13:30'].map((time) => isQuiet(noon, new Date(`2026-11-21T${time}:30Z`)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isQuiet(null, new Date())).toBe(false);
  });
});
