import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from '@jest/globals';
import type { TestPerson } from '../../support/people.js';
import { endLeftovers } from '../../support/server-process.js';
import { type Cluster, type ClusterOptions, startCluster } from './cluster.js';
import { type Load, type LoadOptions, type Outcome, type Place, underLoad } from './load.js';
import { nothingWrong } from './traffic.js';

const full = process.env['CHAOS_FULL'] === '1';

/** A length in ms: the usual one, or with --full the whole one. Both in seconds. */
export function length(short: number, whole: number): number {
  return times(short, whole) * 1_000;
}

/** How often something happens: usually, and with --full. */
export function times(short: number, whole: number): number {
  return full ? whole : short;
}

/** A load that is there to be disturbed while a case is about something else. */
export const lightLoad: LoadOptions = { readersOfEach: 1, pauseMs: 100 };

/** A case's further counts. */
export interface Counted {
  /** Have to be 0, too. */
  zero?: Record<string, number>;
  /** For the report alone. */
  told?: Record<string, unknown>;
}

/** Notes what a case counted, and wants all of it to be nothing. The line is printed by tools/test-chaos.mjs in the end. */
export function verify(name: string, { counts, traffic, refusals, details }: Outcome, { zero = {}, told = {} }: Counted = {}): void {
  const mustBeNothing = { ...counts, ...zero, REFUSALS: refusals.length };
  const line = JSON.stringify({ name, counts: mustBeNothing, told: { ...told, ...traffic } });
  const file = process.env['CHAOS_REPORT'];
  if (file) appendFileSync(file, `${line}\n`);
  if (details.length > 0) process.stderr.write(`${name}: ${details.slice(0, 20).join('\n')}\n`);
  expect(mustBeNothing).toEqual({ ...nothingWrong, ...Object.fromEntries(Object.keys(zero).map((key) => [key, 0])), REFUSALS: 0 });
  expect(refusals).toEqual([]);
}

/** Waits until it is so. @returns after how many ms. @throws Error when that takes too long */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, ms = 60_000): Promise<number> {
  const begun = performance.now();
  while (!(await isSo())) {
    if (performance.now() - begun > ms) throw new Error(`Waited ${ms} ms for this: ${what}.`);
    await sleep(20);
  }
  return Math.round(performance.now() - begun);
}

/** A value of a node's /metrics; NaN when it has none of that name. @param series with its labels, as it is written there */
export async function metric(url: string, series: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? Number.NaN);
}

/** Below which this share of the sorted values lies. */
export function percentile(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
}

/** The nodes of one file of cases, and somebody who writes and reads. */
export interface Stage {
  readonly cluster: Cluster;
  readonly ann: TestPerson;
  /** Runs something under load, and verifies what came of it. @param happens returns its further counts */
  withLoad(name: string, options: LoadOptions, happens: (load: Load) => Promise<Counted | void>): Promise<Outcome>;
}

/** Starts nodes for the cases of a file that are wanted, and ends them. */
export function stage(options: ClusterOptions | (() => ClusterOptions) = {}): Stage {
  const made: { cluster?: Cluster; ann?: TestPerson } = {};
  beforeAll(async () => {
    made.cluster = await startCluster(typeof options === 'function' ? options() : options);
    made.ann = await made.cluster.newPerson('ann');
  });
  afterAll(async () => {
    await made.cluster?.stop();
    endLeftovers();
  });
  return {
    get cluster() {
      return made.cluster!;
    },
    get ann() {
      return made.ann!;
    },
    withLoad: async (name, load, happens) => runCase(name, made.cluster!, made.ann!, load, happens),
  };
}

/** Runs a case somewhere else than on a stage. */
export async function runCase(
  name: string,
  place: Place,
  person: TestPerson,
  options: LoadOptions,
  happens: (load: Load) => Promise<Counted | void>,
): Promise<Outcome> {
  let counted: Counted = {};
  const outcome = await underLoad(place, person, options, async (load) => {
    counted = (await happens(load)) ?? {};
  });
  verify(name, outcome, counted);
  return outcome;
}
