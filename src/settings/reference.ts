import type { TSchema } from 'typebox';
import { ENVIRONMENT_SETTINGS } from './environment.ts';
import { authMethod } from './schema-auth.ts';
import { DEFAULT_TEXT, TYPE_NAME } from './schema-fields.ts';
import { classification } from './schema-classification.ts';
import { directory } from './schema-directory.ts';
import { limitRule, namespaceLimits } from './schema-limits.ts';
import { eventSchema, mapping, normalise, relabelStep } from './schema-normalise.ts';
import { policy, priority } from './schema-priority.ts';
import { scoring } from './schema-scoring.ts';
import { deliveryFields, endpointFields, integration } from './schema-integration.ts';
import { rule, rules } from './schema-rules.ts';
import { journal, log, server, storage, watchdog } from './schema-server.ts';
import {
  connectors,
  integrations,
  profiles,
  receiverEntry,
  receivers,
  route,
  templates,
  written,
} from './schema.ts';

export interface GeneratedFile {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** The reference page and the JSON Schema for editors, both made of the schema alone. */
export function generateConfigReference(): readonly GeneratedFile[] {
  return [
    { path: 'docs/reference/configuration.md', text: page() },
    { path: 'docs/reference/signalbox.schema.json', text: `${JSON.stringify(editorSchema(), null, 2)}\n` },
  ];
}

interface Node {
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly [TYPE_NAME]?: string;
  readonly [DEFAULT_TEXT]?: string;
}

const HEAD = `<!-- Written by scripts/gen-config-reference.ts from src/settings/schema.ts; do not edit. -->

# Configuration

One YAML or JSON file, by default \`signalbox.yaml\` in the working directory. \`signalbox init\` writes one to begin with, and
\`signalbox check FILE\` finds what is wrong with it, each problem with file, line, column and what was expected. A file that changes is read
again, and applied whole or not at all. Without a file the hub answers on \`/hooks/alertmanager\` and \`/hooks/generic\` on loopback and
writes notifications to the console.

- **Several files.** All of \`config.d/*.yaml\` beside the file are merged into it in the order of their names. Maps are
  merged; anything else that is set twice is an error.
- **Profiles.** \`--profile NAME\` or \`SIGNALBOX_PROFILE\` lays \`profiles.NAME\` over the rest: maps are merged, anything else is replaced.
- **Values from elsewhere.** \`\${env:NAME}\`, \`\${env:NAME:-default}\`, \`\${file:PATH}\` (relative to the file that says so) and
  \`\${secret:NAME}\` (\`SIGNALBOX_SECRET_NAME\`, else a file \`NAME\` in \`$CREDENTIALS_DIRECTORY\` or \`/run/secrets\`) stand anywhere in a text;
  \`$\${\` stands for \`\${\`. Such values never appear in messages.
- **Environment.** The settings of \`server\`, \`storage\`, \`journal\`, \`log\` and \`watchdog\` each have a variable, shown below. Flags go
  before variables, variables before files, files before defaults. Lists are written with commas.
- **Durations** are written as Prometheus does: \`30s\`, \`5m\`, \`1h30m\`, \`1d\`. **Sizes** are bytes, or \`512KiB\`, \`1MiB\`, \`10GB\`.
- **Completion in editors:** [signalbox.schema.json](signalbox.schema.json); begin the file with
  \`# yaml-language-server: $schema=…/signalbox.schema.json\`.
`;

function page(): string {
  const { endpoint, delivery, general } = integrationParts();
  return [
    HEAD,
    part('server', server),
    part('storage', storage),
    part('journal', journal),
    part('log', log),
    `## integrations\n\n${describe(integrations)} The id is up to 64 letters, digits, \`-\`, \`_\` and \`.\`.\n\n${table(general, '', [])}`,
    `### Of sources\n\nFor connectors that receive.\n\n${table(endpoint, '', [])}`,
    `### auth\n\n${describe(endpointFields.auth)} Two tokens, passwords, keys or secrets at once allow a rotation without a gap.\n\n${table(authMethod, '', [])}`,
    `### Of notifiers\n\nFor connectors that deliver.\n\n${table(delivery, '', [])}`,
    `## receivers\n\n${describe(receivers)} Each item of a list:\n\n${table(receiverEntry, '', [])}`,
    `## routes\n\n${describe(route)} The root must name a receiver and has no matchers.\n\n${table(route, '', [])}`,
    `## priority\n\n${describe(priority)}\n\n${table(priority, '', ['priority'])}`,
    `### Of policies\n\n${describe(policy)}\n\n${table(policy, '', [])}`,
    part('normalise', normalise),
    `### Of event_schemas\n\n${describe(eventSchema)}\n\n${table(eventSchema, '', [])}`,
    `### Of mappings\n\n${describe(mapping)}\n\n${table(mapping, '', [])}`,
    `### Of relabel\n\n${describe(relabelStep)}\n\n${table(relabelStep, '', [])}`,
    part('classification', classification),
    part('directory', directory),
    `## namespace_limits\n\n${describe(namespaceLimits)} Each item of the list:\n\n${table(limitRule, '', [])}`,
    `## rules\n\n${describe(rules)} Each item of the list:\n\n${table(rule, '', [])}`,
    `## templates\n\n${describe(templates)}\n\n${exampleOf(templates)}`,
    part('scoring', scoring),
    part('watchdog', watchdog),
    `## connectors\n\n${describe(connectors)}\n\n${exampleOf(connectors)}`,
    `## profiles\n\n${describe(profiles)}\n\n${exampleOf(profiles)}`,
  ]
    .map((text) => text.trimEnd())
    .join('\n\n')
    .concat('\n');
}

function part(name: string, section: TSchema): string {
  return `## ${name}\n\n${describe(section)}\n\n${table(section, '', [name])}`;
}

function integrationParts(): Readonly<Record<'general' | 'endpoint' | 'delivery', Node>> {
  const { properties = {}, required = [] } = integration as Node;
  const pick = (wanted: (key: string) => boolean): Node => ({
    properties: Object.fromEntries(Object.entries(properties).filter(([key]) => wanted(key))),
    required,
  });
  return {
    general: pick((key) => !Object.hasOwn(endpointFields, key) && !Object.hasOwn(deliveryFields, key)),
    endpoint: pick((key) => Object.hasOwn(endpointFields, key)),
    delivery: pick((key) => Object.hasOwn(deliveryFields, key)),
  };
}

/** With a column for the variable where the section has any. */
function table(schema: TSchema | Node, prefix: string, path: readonly string[]): string {
  const variables = ENVIRONMENT_SETTINGS.some((setting) => setting.path.split('.')[0] === path[0]);
  const columns = ['setting', 'type', 'default', 'meaning', ...(variables ? ['variable'] : [])];
  const rows = rowsOf(schema as Node, prefix, path).map((cells) => cells.slice(0, columns.length));
  const lines = [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${lines.join('\n')}\n`;
}

function rowsOf(node: Node, prefix: string, path: readonly string[]): readonly (readonly string[])[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const own = [...path, key];
    const variable = ENVIRONMENT_SETTINGS.find((setting) => setting.path === own.join('.'))?.variable;
    const example = child.examples?.[0];
    const meaning = [child.description ?? '', example === undefined ? '' : `Example: ${code(example)}`];
    const row = [
      code(prefix + key),
      typeOf(child),
      defaultOf(child, node.required?.includes(key) ?? false),
      meaning.filter((text) => text !== '').join(' '),
      variable === undefined ? '' : code(variable),
    ];
    return [
      row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')),
      ...rowsOf(child, `${prefix}${key}.`, own),
    ];
  });
}

function typeOf(node: Node): string {
  if (node[TYPE_NAME] !== undefined) return node[TYPE_NAME];
  if (node.enum) return node.enum.map(code).join(' or ');
  const words: Readonly<Record<string, string>> = {
    string: 'text',
    array: 'list',
    object: 'map',
    boolean: '`true` or `false`',
    integer: 'whole number',
  };
  return words[node.type ?? ''] ?? node.type ?? 'anything';
}

function defaultOf(node: Node, required: boolean): string {
  if (node[DEFAULT_TEXT] !== undefined) return node[DEFAULT_TEXT];
  if (node.properties) return '';
  if (node.default !== undefined) return code(node.default);
  return required ? '**required**' : '';
}

function describe(schema: TSchema): string {
  return (schema as Node).description ?? '';
}

function exampleOf(schema: TSchema): string {
  return `Example: ${code((schema as Node).examples?.[0])}`;
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

/** What has a default may be left out, which JSON Schema's `required` does not know; numbers and switches may be references. */
function editorSchema(): unknown {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Signalbox configuration',
    ...(forEditors(written) as object),
  };
}

const REFERENCE = { type: 'string', pattern: '\\$\\{(env|file|secret):' };

function forEditors(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(forEditors);
  if (typeof node !== 'object' || node === null) return node;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    if (key.startsWith('x-')) continue;
    copy[key] = ['default', 'examples', 'enum', 'required'].includes(key) ? value : forEditors(value);
  }
  const { properties, required } = node as Node;
  if (properties && required) {
    const needed = required.filter((key) => properties[key]?.default === undefined);
    if (needed.length > 0) copy.required = needed;
    else delete copy.required;
  }
  return allowsReference(copy)
    ? { anyOf: [copy, REFERENCE], ...(copy.description ? { description: copy.description } : {}) }
    : copy;
}

/** Texts of a fixed form, numbers and switches; plain texts take references as they are. */
function allowsReference(node: Readonly<Record<string, unknown>>): boolean {
  if (node.type === 'string') return node.pattern !== undefined;
  return node.enum !== undefined || ['integer', 'number', 'boolean'].includes(String(node.type));
}
