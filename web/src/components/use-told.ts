import { useEffect, useRef, useState } from 'preact/hooks';
import { toFault } from '../api/fault.js';
import { chat } from '../app/live.js';
import { faultText } from '../texts/index.js';
import { useStore } from './use-store.js';

/**
 * Something of the server's that is asked for once, again after every cut of the connection, and told by an event in between. What an event
 * tells is newer than the answer to a question from before it.
 */
export function useTold<T>(ask: () => Promise<T>, listen: (take: (value: T) => void) => () => void) {
  const isOnline = useStore(chat, (all) => all.connection === 'online');
  const [known, setKnown] = useState<{ value: T } | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const turn = useRef(0);
  const take = (value: T) => {
    turn.current++;
    setFault(null);
    setKnown({ value });
  };
  /** Does something whose answer is the new value. */
  const change = async (task: () => Promise<T>) => {
    const mine = ++turn.current;
    const value = await task();
    if (mine === turn.current) take(value);
  };
  useEffect(() => listen(take), []);
  useEffect(() => {
    change(ask).catch((error: unknown) => setFault(faultText(toFault(error))));
  }, [isOnline]);
  return { known, fault, change };
}
