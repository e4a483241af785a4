import { createHash } from 'node:crypto';
import { RE2JS } from 're2js';
import type { Labels } from '../model/matcher.ts';
import type { RelabelStep } from '../model/normalise-settings.ts';
import { expand } from './expand.ts';

export interface CompiledRelabel extends RelabelStep {
  readonly pattern: RE2JS;
}

export interface Relabelled {
  readonly labels: Labels;
  /** The place in the list, from 1, of the step that drops it; steps after it were not taken. */
  readonly droppedBy?: number;
}

/** Anchored at both ends; the dot takes line feeds as well, as it does since Prometheus 3 (https://prometheus.io/docs/prometheus/3.0/migration/). */
export function compileRelabel(steps: readonly RelabelStep[]): readonly CompiledRelabel[] {
  return steps.map((step) => ({ ...step, pattern: RE2JS.compile(`^(?s:${step.regex})$`) }));
}

/**
 * Rewrites labels with the meaning of Prometheus' relabel_config. `meta` are labels that only the steps see, called `__…__`; all that begin with `__` are gone
 * afterwards, as they are from targets. The labels given are returned as they are when nothing changes.
 */
export function relabel(steps: readonly CompiledRelabel[], labels: Labels, meta: Labels): Relabelled {
  const now = new Map(Object.entries({ ...labels, ...meta }));
  let droppedBy: number | undefined;
  for (const [index, step] of steps.entries()) {
    if (take(step, now)) continue;
    droppedBy = index + 1;
    break;
  }
  for (const name of now.keys()) if (name.startsWith('__')) now.delete(name);
  const result = isSame(now, labels) ? labels : Object.fromEntries(now);
  return droppedBy === undefined ? { labels: result } : { labels: result, droppedBy };
}

/** Takes one step; false when it drops the alert. */
function take(step: CompiledRelabel, labels: Map<string, string>): boolean {
  const { action, pattern, targetLabel } = step;
  switch (action) {
    case 'replace':
      replace(step, labels);
      return true;
    case 'keep':
      return pattern.test(valueOf(step, labels));
    case 'drop':
      return !pattern.test(valueOf(step, labels));
    case 'keepequal':
      return (labels.get(targetLabel) ?? '') === valueOf(step, labels);
    case 'dropequal':
      return (labels.get(targetLabel) ?? '') !== valueOf(step, labels);
    case 'hashmod':
      set(labels, targetLabel, hashMod(valueOf(step, labels), step.modulus));
      return true;
    case 'lowercase':
      set(labels, targetLabel, valueOf(step, labels).toLowerCase());
      return true;
    case 'uppercase':
      set(labels, targetLabel, valueOf(step, labels).toUpperCase());
      return true;
    case 'labelmap':
      mapLabels(step, labels);
      return true;
    case 'labeldrop':
      for (const name of labels.keys()) if (pattern.test(name)) labels.delete(name);
      return true;
    case 'labelkeep':
      for (const name of labels.keys()) if (!pattern.test(name)) labels.delete(name);
      return true;
  }
}

function replace(step: CompiledRelabel, labels: Map<string, string>): void {
  const value = valueOf(step, labels);
  // A test alone is several times as fast as a match with its groups, and most steps are not for this alert.
  if (!step.pattern.test(value)) return;
  const match = step.pattern.matcher(value);
  match.find();
  const target = expand(step.targetLabel, match);
  if (target !== '') set(labels, target, expand(step.replacement, match));
}

/** Copies of copies would go on for ever, so only what was there before counts. */
function mapLabels({ pattern, replacement }: CompiledRelabel, labels: Map<string, string>): void {
  const before = Array.from(labels);
  for (const [name, value] of before) {
    const match = pattern.matcher(name);
    if (match.find()) set(labels, expand(replacement, match), value);
  }
}

function valueOf({ sourceLabels, separator }: RelabelStep, labels: ReadonlyMap<string, string>): string {
  return sourceLabels.map((name) => labels.get(name) ?? '').join(separator);
}

/** A label without a value is none. */
function set(labels: Map<string, string>, name: string, value: string): void {
  if (value === '') labels.delete(name);
  else if (name !== '') labels.set(name, value);
}

/** The last eight bytes of MD5, modulo; MD5 because Prometheus' own shards must come out the same. */
function hashMod(value: string, modulus: number): string {
  const digest = createHash('md5').update(value).digest();
  return String(digest.readBigUInt64BE(8) % BigInt(modulus));
}

function isSame(left: ReadonlyMap<string, string>, right: Labels): boolean {
  let count = 0;
  for (const name in right) {
    if (left.get(name) !== right[name]) return false;
    count++;
  }
  return count === left.size;
}
