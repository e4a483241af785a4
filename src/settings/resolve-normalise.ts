import { readFileSync } from 'node:fs';
import { compileExpression, type Static } from '@signalbox/sdk';
import { RE2JS } from 're2js';
import type {
  EventSchema,
  FieldMapping,
  NormaliseSettings,
  RelabelStep,
} from '../model/normalise-settings.ts';
import { compileSchemas } from '../normalise/check-event.ts';
import { VALUE } from '../normalise/map-fields.ts';
import { readRange } from '../normalise/severity.ts';
import { readDocument } from './read-document.ts';
import type { Report } from './report.ts';
import { compileAt, readCondition } from './resolve-condition.ts';
import { resolveFile } from './resolve-file.ts';
import type { eventSchema, mapping as mappingSchema, normalise, relabelStep } from './schema-normalise.ts';
import { didYouMean } from './suggest.ts';
import { isMap, type PathPart } from './tree.ts';

type Written = Static<typeof normalise>;
type Path = readonly PathPart[];

/** Undefined when nothing is asked for. */
export async function resolveNormalise(
  written: Written,
  integrations: readonly string[],
  report: Report,
): Promise<NormaliseSettings | undefined> {
  const schemas: EventSchema[] = [];
  for (const [index, one] of written.event_schemas.entries()) {
    const schema = await resolveSchema(one, index, integrations, report);
    if (schema) schemas.push(schema);
  }
  const settings: NormaliseSettings = {
    schemas,
    mappings: written.mappings.map((one, index) => resolveMapping(one, index, report)),
    relabel: written.relabel.map((one, index) => resolveStep(one, ['normalise', 'relabel', index], report)),
    severities: {
      labels: written.severity_labels,
      general: written.severities,
      byIntegration: written.severities_of,
    },
  };
  checkScale(written.severities, ['normalise', 'severities'], report);
  for (const [id, scale] of Object.entries(written.severities_of)) {
    checkIntegration(id, ['normalise', 'severities_of', id], integrations, report, 'key');
    checkScale(scale, ['normalise', 'severities_of', id], report);
  }
  const hasScales = Object.keys({ ...written.severities, ...written.severities_of }).length > 0;
  const asks = schemas.length + settings.mappings.length + settings.relabel.length > 0 || hasScales;
  return asks ? settings : undefined;
}

async function resolveSchema(
  written: Static<typeof eventSchema>,
  index: number,
  integrations: readonly string[],
  report: Report,
): Promise<EventSchema | undefined> {
  const path = ['normalise', 'event_schemas', index];
  const named = [written.integrations].flat();
  named.forEach((id, at) => {
    const single = typeof written.integrations === 'string';
    checkIntegration(id, [...path, 'integrations', ...(single ? [] : [at])], integrations, report);
  });
  const source = await readSchema(written, path, report);
  if (!source) return undefined;
  const schema: EventSchema = {
    id: written.id ?? `schema-${index + 1}`,
    integrations: named,
    schema: source,
    onInvalid: written.on_invalid,
  };
  try {
    compileSchemas([schema]);
    return schema;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const key = written.file === undefined ? 'schema' : 'file';
    report.error([...path, key], { code: 'bad_schema', message: `this is no usable JSON Schema: ${detail}` });
    return undefined;
  }
}

async function readSchema(
  { schema, file }: Static<typeof eventSchema>,
  path: Path,
  report: Report,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if ((schema === undefined) === (file === undefined)) {
    const message = 'expected either "schema" or "file"';
    report.error(path, { code: 'wrong_value', message });
    return undefined;
  }
  if (file === undefined) return schema;
  const before = report.errors.length;
  const found = await resolveFile(file, [...path.map(String), 'file'], report);
  if (report.errors.length > before) return undefined;
  const { tree, findings } = readDocument(readFileSync(found, 'utf8'), found);
  for (const finding of findings) report.add(finding);
  if (findings.length > 0) return undefined;
  if (isMap(tree.value)) return tree.value;
  report.error([...path, 'file'], { code: 'wrong_type', message: 'expected a map at the top of this file' });
  return undefined;
}

function resolveMapping(written: Static<typeof mappingSchema>, index: number, report: Report): FieldMapping {
  const path = ['normalise', 'mappings', index];
  const { text } = readCondition(written, path, report);
  for (const list of ['labels', 'annotations'] as const) {
    for (const [name, source] of Object.entries(written[list]))
      compileAt([...path, list, name], report, () => compileExpression(source, VALUE));
  }
  const { labels, annotations } = written;
  return { id: written.id ?? `mapping-${index + 1}`, ...text, labels, annotations };
}

const NEEDS_TARGET: readonly RelabelStep['action'][] = [
  'replace',
  'hashmod',
  'lowercase',
  'uppercase',
  'keepequal',
  'dropequal',
];

/** The same things are refused as by Prometheus. */
function resolveStep(written: Static<typeof relabelStep>, path: Path, report: Report): RelabelStep {
  const { action, regex, modulus, target_label: targetLabel } = written;
  try {
    RE2JS.compile(regex);
  } catch {
    const message = 'this is no regular expression of RE2';
    const hint = 'RE2 has no look-around and no back-references';
    report.error([...path, 'regex'], { code: 'bad_pattern', message, hint });
  }
  if (NEEDS_TARGET.includes(action) && targetLabel === '') {
    report.error(path, { code: 'missing_key', message: `the action ${action} needs "target_label"` });
  }
  if (action === 'hashmod' && modulus === 0) {
    report.error(path, { code: 'missing_key', message: 'the action hashmod needs a "modulus" above 0' });
  }
  return {
    action,
    sourceLabels: written.source_labels,
    separator: written.separator,
    regex,
    modulus,
    targetLabel,
    replacement: written.replacement,
  };
}

function checkScale(scale: Readonly<Record<string, string>>, path: Path, report: Report): void {
  for (const key of Object.keys(scale)) {
    const range = readRange(key);
    if (range && range[0] > range[1]) {
      const message = 'expected the smaller number first';
      report.error([...path, key], { code: 'wrong_value', message }, 'key');
    }
  }
}

function checkIntegration(
  id: string,
  path: Path,
  known: readonly string[],
  report: Report,
  at: 'key' | 'value' = 'value',
): void {
  if (known.includes(id)) return;
  const message = `there is no integration ${report.quote(path, id)}`;
  report.error(path, { code: 'missing_reference', message, hint: didYouMean(id, known) }, at);
}
