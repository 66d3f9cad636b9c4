import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../texts/index.js';
import { Spinner } from './notice.js';

/** A part of the page whose code is loaded when it is first shown. */
export function Lazy<P extends object>({ load, props, onFail }: { load: () => Promise<ComponentType<P>>; props: P; onFail: () => void }) {
  const [part, setPart] = useState<{ component: ComponentType<P> } | null>(null);
  useEffect(() => {
    let here = true;
    load().then(
      (component) => here && setPart({ component }),
      () => here && onFail(),
    );
    return () => {
      here = false;
    };
  }, []);
  return part ? <part.component {...props} /> : <Spinner label={t.app.loading} />;
}
