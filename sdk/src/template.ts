import { Liquid, LiquidError, type FilterImplOptions, type Template as Node } from 'liquidjs';
import { Fault } from './fault.ts';
import { formatXml } from './format-xml.ts';
import { formatYaml } from './format-yaml.ts';
import type { Notification } from './notification.ts';
import { durationText, labelsOf, linksOf, titleOf, worstSeverity } from './summary.ts';
import { cleanLine, shorten } from './text.ts';

/** Longest source of a template, in characters. */
export const TEMPLATE_MAX_CHARACTERS = 64 * 1024;
/** Longest text that a template may yield, in characters. */
export const RENDERED_MAX_CHARACTERS = 64 * 1024;
const RENDER_LIMIT_MS = 200;
/** Items and characters that filters may create in one rendering; liquidjs' own measure. */
const MEMORY_LIMIT = 1_000_000;
/** Compiled templates kept per way of escaping (HNP-078). */
const CACHE_SIZE = 256;

/** Marks a configuration field as a template, by JSON Schema's own keyword, so that forms and checks know. */
export const TEMPLATE_MEDIA_TYPE = 'text/x-liquid';

/** What came of a template: its text, or why there is none. The reason is one line for people. */
export type Rendering =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string };

/** A checked template. Rendering never throws, because a notification must not be lost to its wording. */
export interface Template {
  /**
   * @param extra More variables, e.g. `{ recipient }`; the notification's own names win.
   */
  render(notification: Notification, extra?: Readonly<Record<string, unknown>>): Rendering;
}

export interface TemplateOptions {
  /** The setting that holds the source, for the fault: `config.template`. */
  readonly field?: string;
  /** Escapes every value that `{{ }}` writes, unless it passes `| raw`; e.g. `escapeHtml`. Give a constant function: it is a cache key. */
  readonly escape?: (text: string) => string;
}

/**
 * Compiles a Liquid template (BR-NOT-007). Everything about it is bounded: the source, the time, the memory and the length of a
 * rendering; it reads own properties of the notification only and no other file.
 *
 * @throws Fault `SB_CONFIG` with line and column when the source is wrong.
 * @example
 * const template = compileTemplate('{{ firing | size }} × {{ commonLabels.alertname }}', { field: 'config.template' });
 * const rendering = template.render(notification);
 * const text = rendering.ok ? rendering.text : `${titleOf(notification)}\n${templateNote(rendering.problem)}`;
 */
export function compileTemplate(source: string, options: TemplateOptions = {}): Template {
  const compiler = compilerFor(options.escape);
  const cached = compiler.cache.get(source);
  if (cached !== undefined) return cached;
  const { engine } = compiler;
  const nodes = parseTemplate(engine, source, options.field);
  const template: Template = {
    render: (notification, extra) => render(engine, nodes, scopeOf(notification, extra)),
  };
  if (compiler.cache.size >= CACHE_SIZE) compiler.cache.delete(compiler.cache.keys().next().value ?? '');
  compiler.cache.set(source, template);
  return template;
}

/** The sentence that a notifier adds when it had to fall back to its default words. */
export function templateNote(problem: string): string {
  return `This is the default text, because the template failed: ${problem}`;
}

interface Compiler {
  readonly engine: Liquid;
  readonly cache: Map<string, Template>;
}

const compilers = new Map<TemplateOptions['escape'], Compiler>();

function compilerFor(escape: TemplateOptions['escape']): Compiler {
  const known = compilers.get(escape);
  if (known !== undefined) return known;
  const compiler = { engine: createTemplateEngine(escape), cache: new Map<string, Template>() };
  compilers.set(escape, compiler);
  return compiler;
}

/** Tags that load other templates; there are none to load. */
const REFUSED_TAGS = ['include', 'render', 'layout', 'block'];
/** `sample` is random and would make a repeat of a delivery differ; `date` does what the other dates do. */
const REFUSED_FILTERS = [
  'sample',
  'inspect',
  'hmac_sha256',
  'date_to_xmlschema',
  'date_to_rfc822',
  'date_to_string',
  'date_to_long_string',
];

/** The bounded engine of all templates. */
export function createTemplateEngine(escape: TemplateOptions['escape']): Liquid {
  const engine = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    // Where a missing variable is an error, `default` and `if` may still ask for one.
    lenientIf: true,
    // An empty map replaces the file system, so that nothing can be read even if a loading tag came back.
    templates: {},
    parseLimit: TEMPLATE_MAX_CHARACTERS,
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
    timezoneOffset: 0,
    locale: 'en',
    ...(escape === undefined ? {} : { outputEscape: (value: unknown) => escape(textOf(value)) }),
  });
  for (const tag of REFUSED_TAGS) delete engine.tags[tag];
  for (const filter of REFUSED_FILTERS) engine.unregisterFilter(filter);
  engine.registerFilter('date', repeatableDate(engine.filters['date']));
  engine.registerFilter('time', timeText);
  engine.registerFilter('duration', durationFilter);
  engine.registerFilter('yaml', formatYaml);
  engine.registerFilter('xml', (value: unknown, root: unknown) => formatXml({ [textOf(root)]: value }));
  engine.registerFilter('regex', (value: unknown) =>
    textOf(value).replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`),
  );
  engine.registerFilter('links', (alert: unknown) => linksOf(alertLike(alert)));
  engine.registerFilter('label_list', (labels: unknown) =>
    labelsOf(stringsOf(labels))
      .map(([name, value]) => `${name}=${value}`)
      .join(', '),
  );
  return engine;
}

export function parseTemplate(engine: Liquid, source: string, field: string | undefined): Node[] {
  try {
    return engine.parse(source);
  } catch (error) {
    const details = field === undefined ? { cause: error } : { cause: error, field };
    throw new Fault(
      'SB_CONFIG',
      `${field ?? 'the template'} is not a valid template: ${problemOf(error)}`,
      details,
    );
  }
}

function render(engine: Liquid, nodes: Node[], scope: Record<string, unknown>): Rendering {
  try {
    const text = String(engine.renderSync(nodes, scope));
    if (text.length <= RENDERED_MAX_CHARACTERS) return { ok: true, text };
    return { ok: false, problem: `its text is longer than ${RENDERED_MAX_CHARACTERS} characters` };
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
}

/** Fresh for each rendering: `increment` and the like write into the scope. */
function scopeOf(
  notification: Notification,
  extra: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    ...extra,
    ...notification,
    title: titleOf(notification),
    severity: worstSeverity(notification),
    firing: notification.alerts.filter((alert) => alert.status === 'firing'),
    resolved: notification.alerts.filter((alert) => alert.status === 'resolved'),
  };
}

/** `line 3, column 5: tag "foo" not found`. */
export function problemOf(error: unknown): string {
  if (!LiquidError.is(error)) return shorten(cleanLine(String(error)), 300);
  const reason = (error.originalError?.message ?? error.message).replace(/, line:\d+, col:\d+$/, '');
  const [line, column] = positionOf(error);
  return shorten(cleanLine(`line ${line}, column ${column}: ${reason}`), 300);
}

function positionOf(error: LiquidError): readonly [line: number, column: number] {
  const { input, begin } = error.token;
  const before = input.slice(0, begin).split('\n');
  return [before.length, (before.at(-1)?.length ?? 0) + 1];
}

/** Takes `now` and `today` as the time of the notification, so that a repeat of a delivery says the same. */
function repeatableDate(date: FilterImplOptions | undefined): FilterImplOptions {
  const format = typeof date === 'function' ? date : () => '';
  return function (value: unknown, ...rest: unknown[]): unknown {
    const isNow = value === 'now' || value === 'today';
    return format.call(this, isNow ? this.context.getSync(['createdAt']) : value, ...rest);
  };
}

/** `{{ alert.startsAt | time: "Europe/Berlin" }}` → `2026-11-20 10:14:05 +01:00`. */
function timeText(value: unknown, timeZone: unknown = 'UTC'): string {
  const zoned = instantOf(value).toZonedDateTimeISO(textOf(timeZone));
  const date = zoned.toPlainDate().toString();
  const time = zoned.toPlainTime().toString({ smallestUnit: 'second' });
  return `${date} ${time} ${zoned.timeZoneId === 'UTC' ? 'UTC' : zoned.offset}`;
}

/** Milliseconds, or from one time to another: `{{ alert.startsAt | duration: createdAt }}` → `4m`. */
function durationFilter(value: unknown, end?: unknown): string {
  if (end === undefined) return durationText(Number(value));
  return durationText(instantOf(end).epochMilliseconds - instantOf(value).epochMilliseconds);
}

function instantOf(value: unknown): Temporal.Instant {
  return Temporal.Instant.from(textOf(value));
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === undefined || value === null ? '' : (JSON.stringify(value) ?? '');
}

function alertLike(value: unknown): Parameters<typeof linksOf>[0] {
  const { annotations, generatorURL } = Object(value) as { annotations?: unknown; generatorURL?: unknown };
  return {
    annotations: stringsOf(annotations),
    ...(typeof generatorURL === 'string' ? { generatorURL } : {}),
  };
}

function stringsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(Object(value)).map(([name, text]) => [name, textOf(text)]));
}
