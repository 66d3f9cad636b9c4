import { useRef, useState } from 'preact/hooks';
import { toFault } from '../api/fault.js';
import { faultText, fieldFaultTexts } from '../texts/index.js';

export type Values<N extends string> = Record<N, string>;

interface FormOptions<N extends string> {
  initial: Values<N>;
  labels: Record<N, string>;
  /** What is wrong with the fields, in words; the same while typing and at the end. */
  check: (values: Values<N>) => Partial<Record<N, string>>;
  submit: (values: Values<N>) => Promise<void>;
}

/**
 * The state of a form: a field's fault is told once the person left it (or tried to send), and vanishes as soon as it is mended; refusals of
 * the server stand beside their fields until these change.
 */
export function useForm<N extends string>({ initial, labels, check, submit }: FormOptions<N>) {
  const [values, setValues] = useState(initial);
  const [left, setLeft] = useState<ReadonlySet<N>>(new Set());
  const [refused, setRefused] = useState<Partial<Record<string, string>>>({});
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const faults = check(values);

  const showFirst = () => requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());

  const send = async () => {
    if (busy) return;
    setFault(null);
    setLeft(new Set(Object.keys(values) as N[]));
    if (Object.keys(faults).length > 0) {
      showFirst();
      return;
    }
    setBusy(true);
    try {
      await submit(values);
    } catch (error) {
      const texts = fieldFaultTexts(error, labels);
      setRefused(texts);
      const beside = Object.keys(texts).filter((name) => name in values);
      if (beside.length > 0) showFirst();
      else setFault(Object.values(texts)[0] ?? faultText(toFault(error)));
    } finally {
      setBusy(false);
    }
  };

  return {
    values,
    busy,
    fault,
    setFault,
    setValue: (name: N, value: string) => {
      setValues((before) => ({ ...before, [name]: value }));
      setLeft((before) => new Set([...before].filter((other) => other !== name)));
    },
    form: {
      ref: form,
      noValidate: true,
      onSubmit: (event: Event) => {
        event.preventDefault();
        send().catch(() => undefined);
      },
    },
    /** What a `Field` needs. */
    field: (name: N) => ({
      name,
      label: labels[name],
      value: values[name],
      error: refused[name] ?? (left.has(name) ? faults[name] : undefined),
      onValue: (value: string) => {
        setValues((before) => ({ ...before, [name]: value }));
        setRefused(({ [name]: _, ...others }) => others);
      },
      onLeave: () => {
        if (values[name] !== '') setLeft((before) => new Set(before).add(name));
      },
    }),
  };
}
