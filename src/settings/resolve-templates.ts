import { dirname } from 'node:path';
import { createGoTemplates, isFault, type Connector, type TemplateFile } from '@signalbox/sdk';
import type { IntegrationSettings } from '../model/settings.ts';
import { refuseForeign } from './foreign-file.ts';
import { loadTemplates } from './load-templates.ts';
import type { Report } from './report.ts';
import { isMap, placeOf, pointerOf } from './tree.ts';

/** The files of `templates`; what can't be read or compiled goes to the report. */
export async function resolveTemplates(
  written: readonly string[],
  report: Report,
): Promise<readonly TemplateFile[]> {
  const files: TemplateFile[] = [];
  for (const [index, glob] of written.entries()) {
    const path = ['templates', index];
    refuseForeign(report.tree, path);
    const place = placeOf(report.tree, pointerOf(path));
    try {
      const found = await loadTemplates([glob], place.line === 0 ? '.' : dirname(place.file));
      createGoTemplates(found);
      files.push(...found);
    } catch (error) {
      const isExpected = isFault(error) || (error instanceof Error && 'code' in error);
      if (!isExpected) throw error;
      report.error(path, { code: 'bad_template', message: error.message });
    }
  }
  return files;
}

/** Connectors get the files as the first of their own definitions, which may replace them. */
export function withTemplates(
  integration: IntegrationSettings,
  connector: Connector,
  files: readonly TemplateFile[],
): IntegrationSettings {
  const given = integration.config['go_templates'];
  const takesThem = Object.hasOwn(connector.config.properties, 'go_templates');
  if (!takesThem || !isMap(given) || files.length === 0) return integration;
  const own = Array.isArray(given.definitions) ? (given.definitions as readonly TemplateFile[]) : [];
  const go_templates = { ...given, definitions: [...files, ...own] };
  return { ...integration, config: { ...integration.config, go_templates } };
}
