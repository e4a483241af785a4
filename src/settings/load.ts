import { dirname, resolve } from 'node:path';
import type { Connector } from '@signalbox/sdk';
import type { Settings } from '../model/settings.ts';
import { checkConnectors } from './check-connectors.ts';
import { checkSchema } from './check-schema.ts';
import { applyEnvironment, unknownVariables } from './environment.ts';
import { sortFindings, type Finding } from './finding.ts';
import { interpolate, type Environment } from './interpolate.ts';
import { readFiles } from './read-files.ts';
import { readRenames } from './read-renames.ts';
import { createReport } from './report.ts';
import { resolveSettings } from './resolve.ts';
import { written as schema, type Written } from './schema.ts';
import { isMap, placeOf, pointerOf, valueAt, type Tree } from './tree.ts';

export interface SettingsSource {
  /** Merged in this order; `config.d` beside the first one follows. None: the built-in configuration. */
  readonly files: readonly string[];
  /** A configuration that was made of something else, in place of files. `name` stands in findings. */
  readonly text?: { readonly name: string; readonly text: string };
  /** The text comes from somebody who may not see this machine: references stand for placeholders, and files are refused. */
  readonly isForeign?: boolean;
  readonly env: Environment;
  /** Default: `SIGNALBOX_PROFILE`. */
  readonly profile?: string | undefined;
  /** Flags by setting, e.g. `{ 'server.listen': '0.0.0.0:8080' }`. They go before the environment, which goes before files. */
  readonly overrides?: Readonly<Record<string, string | undefined>>;
}

export interface LoadOptions extends SettingsSource {
  readonly connectors: readonly Connector[];
  /** Connectors that could not be loaded. While there are any, integrations of unknown connectors are left out with a warning. */
  readonly brokenConnectors?: readonly string[];
}

export type LoadResult =
  | { readonly ok: true; readonly settings: Settings; readonly warnings: readonly Finding[] }
  | { readonly ok: false; readonly errors: readonly Finding[]; readonly warnings: readonly Finding[] };

/** Reads, checks and resolves the configuration; finds all problems at once and applies nothing. Never throws for a bad one. */
export async function loadSettings(options: LoadOptions): Promise<LoadResult> {
  const { tree, findings } = await readTree(options);
  const warnings = unknownVariables(options.env);
  if (findings.some(({ code }) => code === 'syntax' || code === 'unreadable_file')) {
    return { ok: false, errors: sortFindings(findings), warnings };
  }
  const checked = checkSchema(schema, tree.value, tree, '');
  const report = createReport(tree, readRenames(checked.value as Written | undefined));
  const configs = checkConnectors(options, report);
  const settings =
    checked.value === undefined
      ? undefined
      : await resolveSettings(checked.value as Written, configs, report);
  // A reference that could not be resolved stands in the value as it is written; that it does not fit either is no news.
  const unresolved = new Set(findings.map(({ path }) => path));
  const later = [...checked.findings, ...report.errors].filter(
    ({ path }) => path === '' || !unresolved.has(path),
  );
  const errors = sortFindings([...findings, ...later]);
  const allWarnings = sortFindings([...warnings, ...report.warnings]);
  if (errors.length > 0 || !settings) return { ok: false, errors, warnings: allWarnings };
  return { ok: true, settings, warnings: allWarnings };
}

/** The connectors that are named beside the built-in ones: package names, or absolute paths. To be loaded before the settings. */
export async function readExternalConnectors(source: SettingsSource): Promise<readonly string[]> {
  const { tree } = await readTree(source);
  const listed = valueAt(tree.value, '/connectors');
  if (!Array.isArray(listed)) return [];
  return listed
    .map((item, index) => ({
      item: item as unknown,
      file: placeOf(tree, pointerOf(['connectors', index])).file,
    }))
    .filter(
      (entry): entry is { item: string; file: string } => typeof entry.item === 'string' && entry.item !== '',
    )
    .map(({ item, file }) => (/^\.{0,2}\//.test(item) ? resolve(dirname(file), item) : item));
}

async function readTree(source: SettingsSource): Promise<{ tree: Tree; findings: readonly Finding[] }> {
  const { tree, findings } = await readFiles(
    source.text ?? source.files,
    source.profile ?? source.env.SIGNALBOX_PROFILE,
  );
  const { isForeign = false } = source;
  const active: Tree = { ...tree, value: withoutProfiles(tree.value), isForeign };
  const found = [
    ...findings,
    ...(await interpolate(active, source.env)),
    ...applyEnvironment(active, source.env, source.overrides ?? {}),
  ];
  return { tree: active, findings: found };
}

/** Profiles that were not chosen may name variables that exist elsewhere only. */
function withoutProfiles(value: unknown): unknown {
  if (!isMap(value) || !isMap(value.profiles)) return value;
  const { profiles: _, ...rest } = value;
  return rest;
}
