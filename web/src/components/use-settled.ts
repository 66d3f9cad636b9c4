import { useEffect, useState } from 'preact/hooks';

/** What was typed, once the typing has paused for so many milliseconds. */
export function useSettled(typed: string, pause = 250): string {
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), pause);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled;
}
