/**
 * Several texts of metrics as one: the samples of a name stand together under one head, as Prometheus wants it. The samples must differ in a
 * label.
 */
export function mergeTexts(texts: readonly string[]): string {
  const families = new Map<string, { head: string[]; samples: string[] }>();
  for (const text of texts) {
    let family: { head: string[]; samples: string[] } | undefined;
    for (const line of text.split('\n')) {
      const name = /^# HELP (\S+)/.exec(line)?.[1];
      if (name !== undefined) {
        family = families.get(name);
        if (!family) families.set(name, (family = { head: [], samples: [] }));
      }
      if (line === '' || !family) continue;
      if (!line.startsWith('#')) family.samples.push(line);
      else if (family.head.length < 2) family.head.push(line);
    }
  }
  return `${[...families.values()].map(({ head, samples }) => [...head, ...samples].join('\n')).join('\n\n')}\n`;
}
