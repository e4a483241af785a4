import type { Labels } from '../model/matcher.ts';
import type { SeverityScales } from '../model/normalise-settings.ts';

interface Scale {
  readonly words: ReadonlyMap<string, string>;
  readonly ranges: readonly { readonly from: number; readonly to: number; readonly severity: string }[];
}

export interface CompiledScales {
  readonly labels: readonly string[];
  readonly general: Scale;
  readonly byIntegration: ReadonlyMap<string, Scale>;
}

const NUMBER = '-?\\d+(?:\\.\\d+)?';
const RANGE = new RegExp(`^(${NUMBER})\\s*(?:-|\\.\\.)\\s*(${NUMBER})$`);

/** From and to, both included; undefined for what is no range. */
export function readRange(text: string): readonly [number, number] | undefined {
  const [, from, to] = RANGE.exec(text) ?? [];
  return from === undefined || to === undefined ? undefined : [Number(from), Number(to)];
}

export function compileScales({ labels, general, byIntegration }: SeverityScales): CompiledScales {
  return {
    labels,
    general: compileScale(general),
    byIntegration: new Map(Object.entries(byIntegration).map(([id, scale]) => [id, compileScale(scale)])),
  };
}

function compileScale(scale: Readonly<Record<string, string>>): Scale {
  const words = new Map<string, string>();
  const ranges: { from: number; to: number; severity: string }[] = [];
  for (const [key, severity] of Object.entries(scale)) {
    const range = readRange(key);
    if (range) ranges.push({ from: range[0], to: range[1], severity });
    else words.set(key.toLowerCase(), severity);
  }
  return { words, ranges };
}

/** The severity of the organization, and what the sender called it; undefined where no scale knows it. */
export function mapSeverity(
  { labels: names, general, byIntegration }: CompiledScales,
  labels: Labels,
  integration: string,
): { readonly said: string; readonly severity: string } | undefined {
  const said = names.map((name) => labels[name]).find((value) => typeof value === 'string' && value !== '');
  if (said === undefined) return undefined;
  const own = byIntegration.get(integration);
  const severity = (own && lookUp(own, said)) ?? lookUp(general, said);
  return severity === undefined ? undefined : { said, severity };
}

/** The word as it is goes before a range that holds it. */
function lookUp({ words, ranges }: Scale, said: string): string | undefined {
  const word = words.get(said.trim().toLowerCase());
  if (word !== undefined || ranges.length === 0 || said.trim() === '') return word;
  const value = Number(said);
  return ranges.find(({ from, to }) => value >= from && value <= to)?.severity;
}
