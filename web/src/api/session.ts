import { type Fault, toFault } from './fault.js';
import type { Tokens } from './wire.js';

/** A token is renewed when less than this is left of it, in milliseconds; of short lives the last quarter. */
const renewalMargin = 20_000;

/** Refusals of a refresh after which only a new log-in helps. */
const endingCodes: ReadonlySet<string> = new Set([
  'auth.required',
  'auth.token-invalid',
  'auth.token-expired',
  'auth.revoked',
  'auth.inactive',
  'auth.refresh-invalid',
  'auth.refresh-reused',
]);

/**
 * The access token of this page, in memory alone; the long-lived secret is an HttpOnly cookie that no script sees.
 * All callers share one refresh, and the tabs of one browser take turns.
 */
export class Session {
  private current: { access: string; expiresAt: number; margin: number } | null = null;
  private renewal: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** A newer token is there. */
  onRenewed: (access: string) => void = () => undefined;
  /** The session is over; `code` says why in the words of the catalogue, `cookieToo` that the cookie is of no use any more either. */
  onEnded: (code: string, cookieToo: boolean) => void = () => undefined;

  constructor(
    /** Trades the cookie for a new token. */
    private readonly trade: () => Promise<Tokens>,
  ) {}

  get active(): boolean {
    return this.current !== null;
  }

  /** Takes the tokens of a log-in or a refresh. */
  adopt(tokens: Tokens): void {
    const life = tokens.expiresIn * 1000;
    this.current = { access: tokens.access, expiresAt: Date.now() + life, margin: Math.min(renewalMargin, life / 4) };
    clearTimeout(this.timer);
    // Well before the end, but never in a hot loop; browsers wrap delays above 2^31 ms.
    const delay = Math.min(Math.max(life * 0.75, 5_000), 2 ** 31 - 1);
    this.timer = setTimeout(() => {
      this.refresh().catch(() => undefined);
    }, delay);
  }

  /** A token that is good for a while yet, or null for a guest. */
  async access(): Promise<string | null> {
    if (!this.current) return null;
    const left = this.current.expiresAt - Date.now();
    if (left < this.current.margin) {
      try {
        await this.refresh();
      } catch (error) {
        // The network may be down while the old token still serves.
        if (left <= 0) throw error;
      }
    }
    return this.current?.access ?? null;
  }

  /** Renews the token now. Throws a fault; where that means the end of the session, `onEnded` was told. */
  refresh(): Promise<void> {
    this.renewal ??= this.renew().finally(() => {
      this.renewal = null;
    });
    return this.renewal;
  }

  /** Forgets the token, without telling anybody. */
  clear(): void {
    this.current = null;
    clearTimeout(this.timer);
  }

  /** Forgets the token and says why. */
  end(code: string, cookieToo = false): void {
    if (!this.current) return;
    this.clear();
    this.onEnded(code, cookieToo);
  }

  private async renew(): Promise<void> {
    const before = this.current;
    try {
      const tokens = await oneTabAtATime(this.trade);
      // Logged out, or logged in anew, while the answer was on its way.
      if (this.current !== before) return;
      this.adopt(tokens);
      if (before) this.onRenewed(tokens.access);
    } catch (error) {
      const fault = toFault(error);
      if (this.current === before && endingCodes.has(fault.code)) this.end(fault.code, true);
      throw fault;
    }
  }
}

/** Serialises the tabs of this browser where it can (secure contexts); elsewhere the server's grace for parallel refreshes serves. */
async function oneTabAtATime<T>(task: () => Promise<T>): Promise<T> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  if (!locks) return task();
  const result: { value?: T; fault?: Fault } = {};
  await locks.request('parley-session', async () => {
    try {
      result.value = await task();
    } catch (error) {
      result.fault = toFault(error);
    }
  });
  if (result.fault) throw result.fault;
  return result.value as T;
}
