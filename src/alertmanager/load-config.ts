import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createGoTemplates, isFault, type GoTemplates } from '@signalbox/sdk';
import { sortFindings, type Finding } from '../settings/finding.ts';
import { loadTemplates } from '../settings/load-templates.ts';
import { createReport, type Report } from '../settings/report.ts';
import type { PathPart, Tree } from '../settings/tree.ts';
import type { AlertmanagerConfig } from './config.ts';
import { GO_TEMPLATE_ACTION } from './has-template.ts';
import { readAlertmanagerConfig } from './read-config.ts';
import type { Decoded } from './shape.ts';

/** Bounded like the native configuration. */
const MAX_FILE_BYTES = 8_388_608;

export type LoadedAlertmanagerConfig =
  | {
      readonly ok: true;
      readonly config: AlertmanagerConfig;
      /** Those of the files together with those that Alertmanager has built in. */
      readonly templates: GoTemplates;
      /** Where each part was written. */
      readonly tree: Tree;
      /** The text as it was read, which Alertmanager's API shows. */
      readonly text: string;
      readonly warnings: readonly Finding[];
    }
  | { readonly ok: false; readonly errors: readonly Finding[]; readonly warnings: readonly Finding[] };

/** Reads an `alertmanager.yml` with the template files that it names. Never throws for a bad one. */
export async function loadAlertmanagerConfig(file: string): Promise<LoadedAlertmanagerConfig> {
  const text = await readText(file);
  if (typeof text !== 'string') return { ok: false, errors: [text], warnings: [] };
  const read = readAlertmanagerConfig(text, file);
  if (!read.ok) return read;
  const report = createReport(read.tree);
  const templates = await readTemplates(read.config, resolve(dirname(file)), report);
  if (templates === undefined) return { ok: false, errors: report.errors, warnings: read.warnings };
  warnFieldTemplates(read.config, templates, report);
  return { ...read, templates, text, warnings: sortFindings([...read.warnings, ...report.warnings]) };
}

async function readText(file: string): Promise<string | Finding> {
  const refuse = (message: string): Finding => ({
    code: 'unreadable_file',
    message,
    file,
    line: 1,
    column: 1,
    path: '',
  });
  try {
    const bytes = await readFile(file);
    return bytes.length <= MAX_FILE_BYTES ? bytes.toString('utf8') : refuse('larger than 8 MiB');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return refuse(code === 'ENOENT' ? 'this file does not exist' : `this file can’t be read (${code})`);
  }
}

async function readTemplates(
  { templates }: AlertmanagerConfig,
  folder: string,
  report: Report,
): Promise<GoTemplates | undefined> {
  try {
    return createGoTemplates(await loadTemplates(templates, folder));
  } catch (error) {
    const isExpected = isFault(error) || (error instanceof Error && 'code' in error);
    if (!isExpected) throw error;
    report.error(['templates'], { code: 'bad_template', message: error.message });
    return undefined;
  }
}

/** Alertmanager finds a wrong template of a receiver only when it has to tell of an alert; here it is known before. */
function warnFieldTemplates({ receivers }: AlertmanagerConfig, templates: GoTemplates, report: Report): void {
  const visit = (value: Decoded, path: readonly PathPart[]): void => {
    if (typeof value === 'string' && GO_TEMPLATE_ACTION.test(value)) {
      try {
        templates.compile(value, { field: 'template' });
      } catch (error) {
        if (!isFault(error)) throw error;
        report.warn(path, { code: 'bad_template', message: error.message });
      }
    } else if (typeof value === 'object') {
      for (const [key, item] of Object.entries(value)) visit(item, [...path, key]);
    }
  };
  for (const { configs } of receivers) {
    for (const { settings, path } of configs) {
      for (const [key, value] of Object.entries(settings)) {
        if (key !== 'http_config') visit(value, [...path, key]);
      }
    }
  }
}
