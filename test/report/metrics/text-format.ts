/** One line of the text format: a metric with its labels, and its value. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/;
const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([-+]?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|Inf)|NaN)$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(,|$)/y;

/**
 * Reads the text format 0.0.4 of Prometheus strictly: every metric has its HELP and TYPE before its samples, counters end in _total, no
 * series is there twice, buckets never fall and end with +Inf, which is the count. Throws on anything else.
 */
export function parseMetrics(text: string): Sample[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const types = new Map<string, string>();
  const helps = new Set<string>();
  const series = new Set<string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    if (line.startsWith('#')) {
      readComment(line, { helps, types });
      continue;
    }
    const [, name = '', inside = '', value = ''] = sample.exec(line) ?? [];
    if (name === '') throw new Error(`no sample: ${line}`);
    const family = types.has(name) ? name : name.replace(/_(?:bucket|sum|count)$/, '');
    const type = types.get(family);
    if (!helps.has(family) || type === undefined) throw new Error(`neither HELP nor TYPE before ${line}`);
    if ((type === 'counter') !== name.endsWith('_total')) throw new Error(`a ${type} is called ${name}`);
    if (family !== name && type !== 'histogram') throw new Error(`${name} is part of no histogram`);
    const key = line.slice(0, line.lastIndexOf(' '));
    if (series.has(key)) throw new Error(`twice: ${key}`);
    series.add(key);
    samples.push({ name, labels: labelsIn(inside), value: Number(value.replace('Inf', 'Infinity')) });
  }
  checkBuckets(samples);
  return samples;
}

function readComment(
  line: string,
  { helps, types }: { readonly helps: Set<string>; readonly types: Map<string, string> },
): void {
  const [, what, name = '', rest = ''] = comment.exec(line) ?? [];
  if (what === undefined) throw new Error(`no comment: ${line}`);
  if (what === 'HELP' ? helps.has(name) : types.has(name)) throw new Error(`twice: ${line}`);
  if (what === 'HELP') helps.add(name);
  else types.set(name, rest);
}

function labelsIn(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  label.lastIndex = 0;
  for (let at = 0; at < text.length; at = label.lastIndex) {
    const found = label.exec(text);
    if (!found) throw new Error(`no labels: ${text}`);
    const [, name = '', value = ''] = found;
    if (name in labels) throw new Error(`label ${name} twice: ${text}`);
    labels[name] = value.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
  }
  return labels;
}

function checkBuckets(samples: readonly Sample[]): void {
  const last = new Map<string, { le: number; value: number }>();
  for (const { name, labels, value } of samples) {
    const { le, ...others } = labels;
    const key = `${name.replace(/_(?:bucket|count)$/, '')} ${JSON.stringify(others)}`;
    if (le !== undefined) {
      const bound = le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
      const before = last.get(key);
      if (before && (before.le >= bound || before.value > value)) throw new Error(`${key} falls at ${le}`);
      last.set(key, { le: bound, value });
    } else if (name.endsWith('_count')) {
      const end = last.get(key);
      if (end?.le !== Number.POSITIVE_INFINITY || end.value !== value)
        throw new Error(`${key} counts otherwise`);
    }
  }
}

/** The sum of all series of a metric that have these labels. */
export function sumOf(samples: readonly Sample[], name: string, labels: Record<string, string> = {}): number {
  return samples
    .filter(
      (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);
}
