import type { TSchema } from 'typebox';
import { SECRET } from './config.ts';

interface Field {
  readonly [SECRET]?: boolean;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Field>>;
  readonly items?: Field;
  readonly anyOf?: readonly Field[];
}

/** One field of a configuration schema, nested fields by their path. */
export interface FieldDoc {
  readonly path: string;
  readonly field: Field;
  readonly required: boolean;
}

/** All fields of a configuration schema, fields of objects after the object itself. */
export function listFields(schema: TSchema, prefix = ''): readonly FieldDoc[] {
  const node = schema as Field;
  return Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const required = node.required?.includes(name) ?? false;
    return [{ path, field, required }, ...listFields(field, `${path}.`)];
  });
}

/**
 * The Markdown table of a connector's settings, which stands in its README between `<!-- generated:config -->` and
 * `<!-- /generated -->`.
 */
export function configTable(schema: TSchema): string {
  const rows = listFields(schema).map(({ path, field, required }) => {
    const cells = [
      `\`${path}\``,
      typeOf(field) + (field[SECRET] ? ', secret' : ''),
      field.default !== undefined ? code(field.default) : required ? 'required' : '',
      [field.description ?? '', example(field)].filter((text) => text !== '').join(' '),
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  });
  return ['| setting | type | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function example(field: Field): string {
  const [first] = field.examples ?? [];
  return first === undefined ? '' : `Example: ${code(first)}`;
}

function typeOf(field: Field): string {
  if (field.const !== undefined) return code(field.const);
  if (field.enum) return field.enum.map(code).join(' or ');
  if (field.anyOf) return field.anyOf.map(typeOf).join(' or ');
  if (field.type === 'array') return `list of ${field.items ? typeOf(field.items) : 'anything'}`;
  return field.type === 'object' && !field.properties ? 'map' : (field.type ?? 'anything');
}

const code = (value: unknown) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
