/** A metric as a service shows it, and as the page lists it. */
export interface Metric {
  readonly name: string;
  readonly type: string;
  /** What its lines are told apart by; a histogram's `le` is not one. */
  readonly labels: readonly string[];
  /** Its help text. */
  readonly meaning: string;
}

/** Every metric of a `/metrics`. Labels are those of the lines that are there. */
export function metricsOf(text: string): Metric[] {
  const types = [...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)];
  return types.map(([, name = '', type = '']) => {
    const meaning = new RegExp(`^# HELP ${name} (.*)$`, 'm').exec(text)?.[1] ?? '';
    const suffix = type === 'histogram' ? '(?:_bucket|_sum|_count)' : '';
    const lines = text.matchAll(new RegExp(`^${name}${suffix}(?:\\{(.*)\\})? \\S+$`, 'gm'));
    const labels = [...lines].flatMap(([, inside = '']) => labelNames(inside));
    return { name, type, meaning, labels: [...new Set(labels)].filter((label) => label !== 'le') };
  });
}

const labelNames = (inside: string): string[] =>
  [...inside.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)].map(([, name = '']) => name);

/** The rows of the table in a page, by name. */
export function tableRows(page: string): Metric[] {
  const rows = page.matchAll(/^\| `([a-z0-9_]+)` \| (\w+) \| ([^|]*) \| (.*) \|$/gm);
  return [...rows].map(([, name = '', type = '', labels = '', meaning = '']) => ({
    name,
    type,
    labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
    meaning,
  }));
}

/** The table, sorted by name. */
export function tableOf(metrics: readonly Metric[]): string {
  const rows = [...metrics]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, labels, meaning }) => {
      const quoted = labels.map((label) => `\`${label}\``).join(', ');
      return `| \`${name}\` | ${type} | ${quoted} | ${meaning} |`;
    });
  return ['| metric | type | labels | meaning |', '|---|---|---|---|', ...rows].join('\n');
}
