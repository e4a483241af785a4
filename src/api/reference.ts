/** What of an OpenAPI 3.1 document the reference shows. */
export interface OpenApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description?: string; readonly content?: Content }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: string | number | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
}

const ANSWER_HEAD = ['status', 'answer', 'meaning'];
/** From this many operations on an answer is common. */
const COMMON_FROM = 4;

/** Writes the HTTP reference in Markdown from the OpenAPI document, so that it can't say anything else than what validates. */
export function generateHttpReference(document: OpenApiDocument): string {
  const common = commonAnswers(document);
  const sections = (document.tags ?? []).flatMap(({ name, description }) => {
    const operations = operationsOf(document, name, common);
    return operations.length === 0 ? [] : [`## ${capital(name)}`, description ?? '', ...operations];
  });
  const schemas = Object.entries(document.components.schemas)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, schema]) => describeSchema(name, schema));
  return [
    '<!-- Written by scripts/gen-http-reference.ts; do not edit. -->',
    '# HTTP reference',
    document.info.description ?? '',
    'The same as OpenAPI 3.1: [openapi.json](openapi.json), and from a running hub at `/api/openapi.json`.',
    '## Refusals',
    'What most addresses answer when they refuse:',
    [rowLine(ANSWER_HEAD), rowLine(ANSWER_HEAD.map(() => '---')), ...[...common].toSorted()].join('\n'),
    ...sections,
    '## Schemas',
    ...schemas,
  ]
    .filter((block) => block !== '')
    .join('\n\n')
    .concat('\n');
}

/** Answers that most operations share word for word, as rows; said once instead of everywhere. */
function commonAnswers({ paths }: OpenApiDocument): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    for (const row of answerRows(operation).map(rowLine)) counts.set(row, (counts.get(row) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count >= COMMON_FROM).map(([row]) => row));
}

function answerRows({ responses }: Operation): string[][] {
  return Object.entries(responses).map(([status, { content = {}, description = '' }]) => {
    const [mediaType = '', media] = Object.entries(content)[0] ?? [];
    return [status, media?.schema ? valueOf(media.schema) : mediaType, description];
  });
}

function operationsOf({ paths }: OpenApiDocument, tag: string, common: ReadonlySet<string>): string[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags?.includes(tag))
      .map(([method, operation]) => describeOperation(method, path, operation, common)),
  );
}

function describeOperation(
  method: string,
  path: string,
  operation: Operation,
  common: ReadonlySet<string>,
): string {
  const rows = answerRows(operation);
  const shared = rows.filter((row) => common.has(rowLine(row))).map(([status]) => status);

  const isOpen = operation.security?.length === 0;
  const body = Object.entries(operation.requestBody?.content ?? {})[0];
  return [
    `### ${method.toUpperCase()} ${path}`,
    [operation.summary && `${operation.summary}.`, operation.description, isOpen && 'Needs no API token.']
      .filter(Boolean)
      .join(' '),
    table(
      ['parameter', 'in', 'value', 'meaning'],
      (operation.parameters ?? []).map((parameter) => [
        code(parameter.name) + (parameter.required ? ' (required)' : ''),
        parameter.in,
        valueOf(parameter.schema),
        parameter.description ?? '',
      ]),
    ),
    body?.[1].schema?.properties ? `Body, \`${body[0]}\`:\n\n${fieldTable(body[1].schema)}` : '',
    table(
      ANSWER_HEAD,
      rows.filter((row) => !common.has(rowLine(row))),
    ),
    shared.length > 0 ? `Refuses with ${shared.join(', ')} as [above](#refusals).` : '',
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

function describeSchema(name: string, schema: Schema): string {
  return [`### ${name}`, schema.description ?? '', fieldTable(schema)]
    .filter((block) => block !== '')
    .join('\n\n');
}

function fieldTable({ properties = {}, required = [] }: Schema): string {
  const rows = Object.entries(properties).map(([name, field]) => [
    code(name) + (required.includes(name) ? '' : ' (optional)'),
    valueOf(field),
    field.description ?? '',
  ]);
  return table(['field', 'value', 'meaning'], rows);
}

/** What a value may be, in a few words; named schemas are linked. */
function valueOf(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1)!;
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (schema.enum) return schema.enum.map((value) => code(String(value))).join(', ');
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.anyOf) return schema.anyOf.map(valueOf).join(' or ');
  if (schema.items) return `list of ${valueOf(schema.items)}`;
  if (schema.properties?.['items']?.items) return `page of ${valueOf(schema.properties['items'].items)}`;
  const range =
    schema.maximum !== undefined && schema.minimum !== undefined
      ? `, ${schema.minimum} to ${schema.maximum}`
      : '';
  const preset = schema.default === undefined ? '' : `, default ${String(schema.default)}`;
  const type = Array.isArray(schema.type)
    ? schema.type.join(' or ')
    : ((schema.type as string | undefined) ?? 'anything');
  return `${schema.format ?? type}${range}${preset}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  return [rowLine(head), rowLine(head.map(() => '---')), ...rows.map(rowLine)].join('\n');
}

function rowLine(cells: readonly string[]): string {
  return `| ${cells.map(cell).join(' | ')} |`;
}

/** A pipe or a line break would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}

function code(text: string): string {
  return `\`${text}\``;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
