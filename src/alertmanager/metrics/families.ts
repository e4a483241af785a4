/** One metric of Prometheus' text format. */
export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  /** The family's name, for a histogram with `_bucket`, `_sum` or `_count` behind it. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A family whose samples have its own name; without labels there is one. */
export function family(
  name: string,
  type: Family['type'],
  help: string,
  values: number | readonly (readonly [labels: Sample['labels'], value: number])[],
): Family {
  const full = `alertmanager_${name}`;
  const given = typeof values === 'number' ? ([[{}, values]] as const) : values;
  return { name: full, type, help, samples: given.map(([labels, value]) => ({ name: full, labels, value })) };
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
export function formatFamilies(families: readonly Family[]): string {
  return families
    .map(({ name, type, help, samples }) => {
      const lines = samples.map((sample) => `${sample.name}${formatLabels(sample.labels)} ${sample.value}\n`);
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
    })
    .join('');
}

function formatLabels(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** The samples of a text of our own making, of the names that are asked for. */
export function readSamples(text: string, names: ReadonlySet<string>): readonly Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const found = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (found === null || !names.has(found[1]!)) continue;
    const labels: Record<string, string> = {};
    for (const [, name, value] of (found[2] ?? '').matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)) {
      labels[name!] = value!.replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
    }
    samples.push({ name: found[1]!, labels, value: Number(found[3]) });
  }
  return samples;
}
