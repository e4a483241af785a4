import { isAbsolute, join } from 'node:path';
import type { Report } from '../settings/report.ts';
import type { PathPart } from '../settings/tree.ts';
import type { AlertmanagerSettings, ReceiverConfig } from './config.ts';
import type { FileText, NativeMap, NativeValue, SecretText } from './native-document.ts';

/** What the converters of receivers share: where they say what can't be carried over, and how they name secrets. */
export interface Drafting {
  readonly report: Report;
  /** The folder of the file, from which relative paths start. */
  readonly folder: string;
  /** The id of the integration that is being made. */
  readonly id: string;
}

/** One integration, and the words of its messages. */
export interface DraftedIntegration {
  readonly integration: NativeMap;
  /** Becomes `config.go_templates`: what is a Go template, or is rendered with those that Alertmanager has built in. */
  readonly templates: AlertmanagerSettings;
  /** Settings that nothing stands for; each was said as a warning. */
  readonly dropped: readonly string[];
}

export function secret({ id }: Drafting, key: string, value: string): SecretText {
  return { from: 'secret', name: `${id}-${key}`.replaceAll('_', '-'), value };
}

export function file({ folder }: Drafting, path: string): FileText {
  return { from: 'file', path: isAbsolute(path) ? path : join(folder, path) };
}

/** A secret of the entry, given as it is or as the name of a file; undefined when there is none. */
export function secretOrFile(
  drafting: Drafting,
  settings: AlertmanagerSettings,
  key: string,
): SecretText | FileText | undefined {
  const [value, path] = [settings[key], settings[`${key}_file`]];
  if (typeof value === 'string' && value !== '') return secret(drafting, key, value);
  return typeof path === 'string' && path !== '' ? file(drafting, path) : undefined;
}

export function withGiven(values: Readonly<Record<string, NativeValue | undefined>>): NativeMap {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, NativeValue] => entry[1] !== undefined),
  );
}

/** Says of settings that have no native counterpart that they were left out. */
export function warnDropped(
  { report }: Drafting,
  { path, kind, settings }: Pick<ReceiverConfig, 'path' | 'kind' | 'settings'>,
  keys: readonly string[],
): readonly string[] {
  const dropped = keys.filter(
    (key) => settings[key] !== undefined && settings[key] !== '' && settings[key] !== false,
  );
  for (const key of dropped) {
    const message = `"${key}" of ${kind} has no counterpart and was left out`;
    report.warn([...path, key] as readonly PathPart[], { code: 'left_out', message }, 'key');
  }
  return dropped;
}

/** Stops the entry: without this setting it would reach somebody else, or nobody. */
export function refuse({ report }: Drafting, path: readonly PathPart[], message: string): undefined {
  report.error(path, { code: 'unsupported', message });
}
