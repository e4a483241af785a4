import { Fault } from '../fault.ts';
import type { Notification } from '../notification.ts';
import type { Rendering } from '../template.ts';
import { cleanLine, shorten } from '../text.ts';
import { ALERTMANAGER_FUNCTIONS } from './alertmanager-functions.ts';
import { BUILTIN_FUNCTIONS } from './builtin-functions.ts';
import { DEFAULT_TEMPLATES } from './default-templates.ts';
import { GoFunctionError, GoTemplateError } from './error.ts';
import { evaluate } from './evaluate.ts';
import type { CallContext, Functions } from './function.ts';
import { createHtmlWriter } from './html-writer.ts';
import { isEmptyBody, type Definition, type Definitions } from './node.ts';
import { parseTemplate } from './parse.ts';
import { templateData, type DataExtras } from './template-data.ts';
import type { GoStruct } from './value.ts';
import { createTextWriter } from './writer.ts';

/** Longest source of one file or one setting, in characters. */
export const GO_TEMPLATE_MAX_CHARACTERS = 256 * 1024;
/** Longest text that a template may yield, in characters. */
export const GO_RENDERED_MAX_CHARACTERS = 1024 * 1024;
/** Actions, arguments, rounds of loops and characters, as the evaluator counts them. */
const MAX_STEPS = 500_000;
/** Compiled settings kept per set of definitions (HNP-078). */
const CACHE_SIZE = 256;

const FUNCTIONS: Functions = { ...BUILTIN_FUNCTIONS, ...ALERTMANAGER_FUNCTIONS };
const FUNCTION_NAMES: ReadonlySet<string> = new Set(Object.keys(FUNCTIONS));

export interface TemplateFile {
  /** For messages, and the name of what stands outside of any `define`: `mail.tmpl`. */
  readonly name: string;
  readonly source: string;
}

export interface GoTemplates {
  /** Names of all definitions, the built-in ones included. */
  readonly names: readonly string[];
  /**
   * Compiles the value of a setting, which may use all definitions.
   * @throws Fault `SB_CONFIG` with line and column.
   */
  readonly compile: (source: string, options?: GoTemplateOptions) => GoTemplate;
}

export interface GoTemplateOptions {
  /** The setting that holds the source, for messages: `config.text`. */
  readonly field?: string;
  /** `html` escapes each value for its place; default `text`. */
  readonly as?: 'text' | 'html';
}

/** A checked template. Rendering never throws, because a notification must not be lost to its wording. */
export interface GoTemplate {
  readonly render: (notification: Notification, extras?: RenderExtras) => Rendering;
  /** The same for data that is there already. */
  readonly renderData: (data: GoStruct, extras: RenderExtras & { readonly now: number }) => Rendering;
}

export interface RenderExtras extends DataExtras {
  /** What `now` and `since` read, in milliseconds; default: when the notification was created, so that a repeat says the same. */
  readonly now?: number;
}

/**
 * Makes a set of Alertmanager's templates out of files, on top of the definitions that Alertmanager has built in. A later
 * definition replaces an earlier one, unless it is empty.
 *
 * @throws Fault `SB_CONFIG` with file, line and column.
 * @example
 * const templates = createGoTemplates([{ name: 'my.tmpl', source: '{{ define "short" }}{{ .Status }}{{ end }}' }]);
 * templates.compile('{{ template "short" . }}').render(notification); // { ok: true, text: 'firing' }
 */
export function createGoTemplates(files: readonly TemplateFile[] = []): GoTemplates {
  const definitions = new Map(defaultDefinitions());
  for (const { name, source } of files) add(definitions, readSource(source, name));
  const compiled = new Map<string, GoTemplate>();
  return {
    names: [...definitions.keys()].sort(),
    compile(source, options = {}) {
      const key = JSON.stringify([options.as, options.field, source]);
      const known = compiled.get(key);
      if (known !== undefined) return known;
      const template = compile(definitions, source, options);
      if (compiled.size >= CACHE_SIZE) compiled.delete(compiled.keys().next().value ?? '');
      compiled.set(key, template);
      return template;
    },
  };
}

let defaults: Definitions | undefined;

function defaultDefinitions(): Definitions {
  defaults ??= readSource(DEFAULT_TEMPLATES, 'built-in templates');
  return defaults;
}

function add(definitions: Map<string, Definition>, more: Definitions): void {
  for (const [name, definition] of more) {
    if (!definitions.has(name) || !isEmptyBody(definition.body)) definitions.set(name, definition);
  }
}

function readSource(source: string, name: string): Definitions {
  try {
    if (source.length > GO_TEMPLATE_MAX_CHARACTERS) {
      const place = { name, line: 1, column: 1 };
      throw new GoTemplateError(place, `longer than ${GO_TEMPLATE_MAX_CHARACTERS} characters`);
    }
    return parseTemplate(source, name, FUNCTION_NAMES);
  } catch (error) {
    if (!(error instanceof GoTemplateError)) throw error;
    throw new Fault('SB_CONFIG', `not a valid template: ${error.message}`, { field: name, cause: error });
  }
}

function compile(
  shared: Definitions,
  source: string,
  { field = 'the template', as = 'text' }: GoTemplateOptions,
): GoTemplate {
  const own = readSource(source, field);
  const { body } = own.get(field)!;
  const definitions = new Map(shared);
  add(definitions, new Map([...own].filter(([name]) => name !== field)));
  const renderData: GoTemplate['renderData'] = (data, extras) =>
    attempt(() => run({ definitions, as, data, extras, field }, body));
  return {
    renderData,
    render: (notification, extras = {}) =>
      renderData(templateData(notification, extras), {
        ...extras,
        now: extras.now ?? Date.parse(notification.createdAt),
      }),
  };
}

interface Run {
  readonly definitions: Definitions;
  readonly as: 'text' | 'html';
  readonly data: GoStruct;
  readonly extras: RenderExtras & { readonly now: number };
  readonly field: string;
}

function attempt(render: () => string): Rendering {
  try {
    return { ok: true, text: render() };
  } catch (error) {
    if (!(error instanceof GoTemplateError)) throw error;
    return { ok: false, problem: shorten(cleanLine(error.message), 300) };
  }
}

function run({ definitions, as, data, extras, field }: Run, body: Definition['body']): string {
  let steps = 0;
  let characters = 0;
  const spend = (count = 1): void => {
    steps += count;
    if (steps > MAX_STEPS) throw new GoFunctionError(`it took more than ${MAX_STEPS} steps`);
  };
  const keep = (text: string): void => {
    characters += text.length;
    if (characters > GO_RENDERED_MAX_CHARACTERS) {
      throw new GoFunctionError(`its text is longer than ${GO_RENDERED_MAX_CHARACTERS} characters`);
    }
  };
  const renderBody = (nodes: Definition['body'], within: readonly string[]): string => {
    const writer = as === 'html' ? createHtmlWriter(spend, keep) : createTextWriter(spend, keep);
    const context: CallContext = { now: extras.now, spend, routeLabel: (name) => routeLabel(name, within) };
    evaluate({ definitions, functions: FUNCTIONS, context, writer }, nodes, data);
    return writer.result();
  };
  /** Labels of routes are templates themselves and may name one another. */
  const routeLabel = (name: string, within: readonly string[]): string => {
    const labels = extras.routeLabels ?? {};
    if (!Object.hasOwn(labels, name)) return '';
    if (within.includes(name)) {
      throw new GoFunctionError(
        `route labels name each other in a circle: ${[...within, name].join(' -> ')}`,
      );
    }
    const label = `route label ${name}`;
    const nodes = parseTemplate(labels[name]!, label, FUNCTION_NAMES).get(label)!.body;
    return renderBody(nodes, [...within, name]);
  };
  try {
    return renderBody(body, []);
  } catch (error) {
    // Text that stands in no action has no place of its own.
    if (error instanceof GoFunctionError) {
      throw new GoTemplateError({ name: field, line: 1, column: 1 }, error.message);
    }
    throw error;
  }
}
