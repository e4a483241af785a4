import { Document } from 'yaml';
import type { Conversion } from './convert.ts';
import { plainValue, secretNames, type SecretMode } from './native-document.ts';

export interface FormatOptions {
  /** The file that was converted, as it was named. */
  readonly source: string;
  readonly secrets: SecretMode;
}

const YAML_OPTIONS = { lineWidth: 0, singleQuote: true } as const;

/** The native configuration as YAML: a header and the document. */
export function formatNative({ document }: Conversion, options: FormatOptions): string {
  const body = new Document(plainValue({ ...document }, options.secrets)).toString(YAML_OPTIONS);
  return [...header(document, options), '', body.trimEnd(), ''].join('\n');
}

function header(document: Conversion['document'], { source, secrets }: FormatOptions): readonly string[] {
  const counts = [
    count(Object.keys(document.receivers).length, 'receiver'),
    count(
      Object.keys(document.integrations).length - 1,
      'integration that delivers',
      'integrations that deliver',
    ),
    count(countRoutes(document.routes), 'route'),
    ...(document.inhibit_rules ? [count(document.inhibit_rules.length, 'inhibition rule')] : []),
  ];
  const names = secrets === 'reference' ? [...new Set(secretNames({ ...document }))] : [];
  return [
    `Made of ${source} by "signalbox import alertmanager".`,
    `Carried over: ${counts.join(', ')}.`,
    'Alerts come in at POST /hooks/alertmanager, in the form of Alertmanager’s webhook.',
    ...(names.length === 0
      ? []
      : ['Secrets to provide (SIGNALBOX_SECRET_… or /run/secrets):', ...names.map((name) => `  ${name}`)]),
  ].map((line) => `# ${line}`);
}

function countRoutes(route: Conversion['document']['routes']): number {
  const below = (route['routes'] ?? []) as readonly Conversion['document']['routes'][];
  return 1 + below.reduce((sum, child) => sum + countRoutes(child), 0);
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
