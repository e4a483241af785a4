import {
  compileExpression,
  compileTemplate,
  createGoTemplates,
  EXPRESSION_MEDIA_TYPE,
  GO_TEMPLATE_MEDIA_TYPE,
  isFault,
  TEMPLATE_MEDIA_TYPE,
} from '@signalbox/sdk';
import type { Report } from './report.ts';
import { isMap, pointerOf, type PathPart } from './tree.ts';

/** All names that mappings of any connector bind; each connector binds some of them. */
const VARIABLES = ['body', 'query', 'item', 'event', 'data'];

interface SchemaNode {
  readonly contentMediaType?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/** Compiles every template and expression of a connector's configuration, so that a bad one is found here and not by the first alert. */
export function checkLanguages(
  schema: unknown,
  value: unknown,
  path: readonly PathPart[],
  report: Report,
): void {
  const node = schema as SchemaNode;
  if (typeof value === 'string') {
    checkText(node.contentMediaType, value, path, report);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => checkLanguages(node.items ?? {}, item, [...path, index], report));
  } else if (isMap(value)) {
    for (const [key, item] of Object.entries(value))
      checkLanguages(schemaOf(node, key), item, [...path, key], report);
  }
  for (const choice of node.anyOf ?? []) checkLanguages(choice, value, path, report);
}

/** Reports a text that does not compile as what its media type says. */
export function checkText(
  mediaType: string | undefined,
  text: string,
  path: readonly PathPart[],
  report: Report,
): void {
  const problem = compileAs(mediaType, text);
  if (problem === undefined) return;
  // The compilers quote what they read, which may not be shown when it came from outside.
  const detail = report.tree.external.has(pointerOf(path)) ? '' : `: ${problem}`;
  report.error(path, { code: 'bad_expression', message: `this does not compile${detail}` });
}

function schemaOf(node: SchemaNode, key: string): unknown {
  const named = node.properties && Object.hasOwn(node.properties, key) ? node.properties[key] : undefined;
  return named ?? Object.values(node.patternProperties ?? {})[0] ?? node.additionalProperties ?? {};
}

function compileAs(mediaType: string | undefined, source: string): string | undefined {
  try {
    if (mediaType === TEMPLATE_MEDIA_TYPE) compileTemplate(source);
    // Names of definitions are looked up while rendering, so that those of files are not needed here.
    if (mediaType === GO_TEMPLATE_MEDIA_TYPE) createGoTemplates().compile(source, { field: 'template' });
    if (mediaType === EXPRESSION_MEDIA_TYPE) compileExpression(source, { variables: VARIABLES });
    return undefined;
  } catch (error) {
    if (isFault(error)) return error.message.replace(/\.$/, '');
    throw error;
  }
}
