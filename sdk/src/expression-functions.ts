import { Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { toPlain } from './expression-value.ts';
import { formatXml } from './format-xml.ts';
import { formatYaml } from './format-yaml.ts';
import { utcTime } from './time.ts';

/** Bounds of one expression, checked while it is parsed. */
const LIMITS = {
  maxAstNodes: 1_000,
  maxDepth: 48,
  maxListElements: 200,
  maxMapEntries: 200,
  maxCallArguments: 8,
};

const SYNC = { async: false };

/** CEL with the functions below, for the variables of one expression. */
export function createEnvironment(variables: readonly string[]): Environment {
  const environment = new Environment({
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: LIMITS,
  });
  addArithmetic(environment);
  addTexts(environment);
  addDefault(environment);
  addTimes(environment);
  addFormats(environment);
  for (const name of variables) environment.registerVariable(name, 'dyn');
  return environment;
}

/** JSON's numbers are doubles and CEL's literals integers; plain CEL would refuse `body.count + 1`. */
function addArithmetic(environment: Environment): void {
  for (const [left, right] of [
    ['int', 'double'],
    ['double', 'int'],
  ] as const) {
    environment.registerOperator(`${left} + ${right}`, (a, b) => Number(a) + Number(b));
    environment.registerOperator(`${left} - ${right}`, (a, b) => Number(a) - Number(b));
    environment.registerOperator(`${left} * ${right}`, (a, b) => Number(a) * Number(b));
    environment.registerOperator(`${left} / ${right}`, (a, b) => Number(a) / Number(b));
  }
}

/**
 * - `text.re(pattern)`: whether the RE2 pattern, which must be written out, is found in the text. `host.re('^db-[0-9]+$')`
 * - `text.capture(pattern)`: what the pattern's first group took, or ''. `title.capture('on host:(\\S+)')`
 * - `text.lower()`, `text.upper()`: all letters small, or capital. `body.state.lower() == "down"`
 * - CEL's own: `text.trim()`, `text.split(",")`, `list.join(", ")`, `text.contains("x")`, `text.startsWith("x")`,
 *   `text.replace` is not there.
 */
function addTexts(environment: Environment): void {
  const patterns = new Map<string, RE2JS>();
  const compiled = (pattern: string): RE2JS =>
    patterns.getOrInsertComputed(pattern, (text) => RE2JS.compile(text));
  environment.registerFunction(
    'string.re(string): bool',
    (text: string, pattern: string) => compiled(pattern).test(text),
    SYNC,
  );
  environment.registerFunction(
    'string.capture(string): string',
    (text: string, pattern: string) => {
      const matcher = compiled(pattern).matcher(text);
      return matcher.find() && matcher.groupCount() > 0 ? (matcher.group(1) ?? '') : '';
    },
    SYNC,
  );
  environment.registerFunction('string.lower(): string', (text: string) => text.toLowerCase(), SYNC);
  environment.registerFunction('string.upper(): string', (text: string) => text.toUpperCase(), SYNC);
}

const MISSING = new Set(['no_such_key', 'index_out_of_bounds']);

interface MacroArguments {
  readonly args: readonly unknown[];
}
interface Checker {
  check(node: unknown, context: unknown): unknown;
  getType(name: string): unknown;
}
interface Evaluator {
  run(node: unknown, context: unknown): unknown;
}

/**
 * `default(value, instead)`: `instead` where a field on the way to the value is missing, or the value is null or ''. Other
 * errors stay errors. `default(body.labels.team, "ops")`. CEL's way is there, too: `body.?labels.?team.orValue("ops")`.
 */
function addDefault(environment: Environment): void {
  const expand = ({ args }: MacroArguments): object => ({
    typeCheck(checker: Checker, _macro: unknown, context: unknown) {
      for (const node of args) checker.check(node, context);
      return checker.getType('dyn');
    },
    evaluate(evaluator: Evaluator, _macro: unknown, context: unknown) {
      try {
        const value = evaluator.run(args[0], context);
        if (value !== null && value !== '') return value;
      } catch (error) {
        if (!MISSING.has((error as { code?: string }).code ?? '')) throw error;
      }
      return evaluator.run(args[1], context);
    },
  });
  environment.registerFunction('default(ast, ast): dyn', expand, SYNC);
}

/**
 * `rfc3339(time)`, `rfc3339(time, zone)`: a time of any notation, or unix time in seconds, milliseconds, microseconds or
 * nanoseconds, as RFC 3339 in UTC; null when it is none. `rfc3339(body.date + " " + body.time, "Europe/Berlin")`
 */
function addTimes(environment: Environment): void {
  environment.registerFunction('rfc3339(dyn): dyn', (time: unknown) => utcTime(time) ?? null, SYNC);
  environment.registerFunction(
    'rfc3339(dyn, string): dyn',
    (time: unknown, zone: string) => utcTime(time, zone) ?? null,
    SYNC,
  );
}

/**
 * `to_json(value)`, `to_yaml(value)`, `to_xml(value)`: a value as text in that format, for fields and messages that hold a document.
 * `to_xml({"event": {"@id": body.id, "name": body.title}})`. What XML can't hold fails the expression.
 */
function addFormats(environment: Environment): void {
  const formats = { to_json: JSON.stringify, to_yaml: formatYaml, to_xml: formatXml };
  for (const [name, format] of Object.entries(formats))
    environment.registerFunction(
      `${name}(dyn): string`,
      (value: unknown) => format(toPlain(value, free)),
      SYNC,
    );
}

/** The argument was paid for where it was read, see `pricesOf`. */
function free(): void {}
