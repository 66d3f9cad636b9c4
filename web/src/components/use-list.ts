import { useEffect, useRef, useState } from 'preact/hooks';
import { toFault } from '../api/fault.js';
import { faultText } from '../texts/index.js';

interface Page<T> {
  items: readonly T[];
  nextCursor: string | null;
}

/** A list that goes on at a cursor: its items so far, and what one can do with it. */
export function usePages<T>(read: (cursor: string | undefined) => Promise<Page<T>>, keys: readonly unknown[] = []) {
  const [items, setItems] = useState<readonly T[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  // Answers of an earlier list come too late for this one.
  const turn = useRef(0);
  const load = async (from: string | undefined) => {
    const mine = ++turn.current;
    setBusy(true);
    setFault(null);
    try {
      const page = await read(from);
      if (mine !== turn.current) return;
      setItems((before) => (from === undefined ? page.items : [...(before ?? []), ...page.items]));
      setCursor(page.nextCursor);
    } catch (error) {
      if (mine === turn.current) setFault(faultText(toFault(error)));
    } finally {
      if (mine === turn.current) setBusy(false);
    }
  };
  const reload = () => {
    load(undefined).catch(() => undefined);
  };
  useEffect(() => {
    setItems(null);
    reload();
    return () => {
      turn.current++;
    };
  }, keys);
  return {
    items,
    fault,
    busy,
    reload,
    more:
      cursor === null
        ? null
        : () => {
            load(cursor).catch(() => undefined);
          },
    change: (task: (items: readonly T[]) => readonly T[]) => setItems((before) => before && task(before)),
  };
}

/** Something that one does by a button: whether it is under way, and why it failed. */
export function useTask() {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  return {
    busy,
    fault,
    run: (task: () => Promise<unknown>) => {
      setBusy(true);
      setFault(null);
      task().then(
        () => setBusy(false),
        (error: unknown) => {
          setBusy(false);
          setFault(faultText(toFault(error)));
        },
      );
    },
  };
}
