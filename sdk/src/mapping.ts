import { Type } from './schema.ts';
import type { Static } from 'typebox';
import type { AlertData, AlertStatus } from './event.ts';
import { compileExpression, type Budget, type Expression } from './expression.ts';
import { Fault, isFault } from './fault.ts';
import { readLink } from './payload.ts';
import { severityOf } from './summary.ts';
import { utcTime } from './time.ts';

/** Marks configuration fields that hold a CEL expression, so that editors and forms can help. */
export const EXPRESSION_MEDIA_TYPE = 'text/x-cel';

const celField = (description: string, ...examples: string[]) =>
  Type.String({
    description,
    examples,
    contentMediaType: EXPRESSION_MEDIA_TYPE,
    minLength: 1,
    maxLength: 4096,
  });

const expressions = (description: string, example: Record<string, string>) =>
  Type.Record(Type.String({ minLength: 1 }), celField('A CEL expression.'), {
    description,
    examples: [example],
  });

/**
 * The fields by which people say how a payload becomes an alert (BR-INT-013, BR-AP-005); each is a CEL expression. Spread them into a
 * connector's configuration.
 */
export const mappingFields = {
  when: Type.Optional(
    celField('Whether there is anything to tell: true or false. Default: always.', 'body.type != "test"'),
  ),
  labels: Type.Optional(
    expressions(
      'The labels, by name, instead of those found by themselves; only `alertname` is kept unless given. Numbers and booleans become text, null and empty values are left out.',
      { alertname: 'body.monitor.name', host: 'body.monitor.hostname' },
    ),
  ),
  annotations: Type.Optional(
    expressions('The annotations, by name, instead of those found by themselves.', { summary: 'body.msg' }),
  ),
  status: Type.Optional(
    celField(
      'True or `firing` while it fires; false or a word such as `resolved`, `ok`, `up`, `closed` when it is over.',
      'body.heartbeat.status == 0',
    ),
  ),
  severity: Type.Optional(
    celField(
      'The label `severity`. The words of Prometheus, syslog, PagerDuty, Opsgenie and Zabbix become critical, error, warning or info; others stay.',
      'body.priority',
    ),
  ),
  starts_at: Type.Optional(
    celField(
      'When it began: RFC 3339, unix time, or what `rfc3339()` takes.',
      'body.state_changed_timestamp',
    ),
  ),
  ends_at: Type.Optional(celField('When it ended, or will unless it is repeated.', 'body.closed_at')),
  key: Type.Optional(
    celField(
      'What tells this alert from others. Default: all labels but `severity`.',
      'string(body.check_id)',
    ),
  ),
  generator_url: Type.Optional(
    celField('Link to what caused it. Anything but http and https is left out.', 'body.issueUrl'),
  ),
};

const schema = Type.Object(mappingFields);
export type MappingConfig = Static<typeof schema>;

/** What a source knows about an alert by itself, before the mapping has its say. */
export interface AlertDraft {
  readonly alertname?: string | undefined;
  readonly severity?: string | undefined;
  readonly status?: AlertStatus | undefined;
  /** Without `alertname` and `severity`. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: string | undefined;
  readonly endsAt?: string | undefined;
  readonly generatorURL?: string | undefined;
  readonly saidAt?: string | undefined;
  readonly key?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

export type Bindings = Readonly<Record<string, unknown>>;

/** A compiled mapping. Undefined: `when` says that there is nothing to tell. */
export type Mapping = (bindings: Bindings, draft: AlertDraft, budget: Budget) => AlertData | undefined;

/**
 * Compiles a mapping once; keep it as long as the configuration lives.
 *
 * @throws Fault `SB_CONFIG`, `field` naming the setting: `config.labels.host`.
 *
 * @example
 * const mapping = compileMapping({ labels: { alertname: 'body.title' } }, ['body']);
 * mapping({ body: { title: 'Disk full' } }, {}, { steps: 10_000 });
 */
export function compileMapping(config: MappingConfig, variables: readonly string[]): Mapping {
  const one = (source: string | undefined, field: string): Field | undefined =>
    source === undefined ? undefined : { field, expression: compileField(source, field, variables) };
  const many = (
    sources: Readonly<Record<string, string>> | undefined,
    field: string,
  ): [string, Field][] | undefined =>
    sources &&
    Object.entries(sources).map(([name, source]) => [name, one(source, `${field}.${name}`) as Field]);

  const when = one(config.when, 'config.when');
  const labels = many(config.labels, 'config.labels');
  const annotations = many(config.annotations, 'config.annotations');
  const status = one(config.status, 'config.status');
  const severity = one(config.severity, 'config.severity');
  const startsAt = one(config.starts_at, 'config.starts_at');
  const endsAt = one(config.ends_at, 'config.ends_at');
  const key = one(config.key, 'config.key');
  const generatorURL = one(config.generator_url, 'config.generator_url');

  return (bindings, draft, budget) => {
    const value = (field: Field) => evaluateField(field, bindings, budget);
    if (when && !isTrue(value(when), when)) return undefined;
    return finishAlert({
      ...draft,
      ...(labels && { labels: textsOf(labels, value) }),
      ...(annotations && { annotations: textsOf(annotations, value) }),
      ...(status && { status: statusIn(value(status), status) }),
      ...(severity && { severity: textOf(value(severity), severity) }),
      ...(startsAt && { startsAt: timeOf(value(startsAt), startsAt) }),
      ...(endsAt && { endsAt: timeOf(value(endsAt), endsAt) }),
      ...(key && { key: textOf(value(key), key) }),
      ...(generatorURL && { generatorURL: readLink(value(generatorURL)) }),
    });
  };
}

interface Field {
  readonly field: string;
  readonly expression: Expression;
}

/** Compiles one expression of a configuration; a fault names the setting. */
export function compileField(source: string, field: string, variables: readonly string[]): Expression {
  try {
    return compileExpression(source, { variables });
  } catch (error) {
    throw withField(error, field);
  }
}

/** Evaluates one expression of a configuration; a fault names the setting. */
export function evaluateField({ field, expression }: Field, bindings: Bindings, budget: Budget): unknown {
  try {
    return expression.evaluate(bindings, budget);
  } catch (error) {
    throw withField(error, field);
  }
}

function withField(error: unknown, field: string): unknown {
  return isFault(error) ? new Fault(error.code, `${field}: ${error.message}`, { field }) : error;
}

/**
 * Makes the alert of a draft: `alertname` and `severity` join the labels, severity in the words of the normal form
 * (BR-AP-003). Without a key all labels but `severity` tell the alert from others, so that "resolved", which often comes without
 * one, and a change of severity still mean the same alert.
 *
 * @throws Fault `SB_REJECTED` when there is no alertname.
 */
export function finishAlert(draft: AlertDraft): AlertData {
  const {
    severity: word,
    alertname = draft.alertname,
    ...labels
  }: Partial<Record<string, string>> = draft.labels ?? {};
  if (!alertname) {
    throw new Fault(
      'SB_REJECTED',
      'Nothing says what the alert is called: the payload has no title, name, summary or message, and no expression yields the label `alertname`.',
      {
        field: 'alertname',
      },
    );
  }
  const severity = normalSeverity(draft.severity ?? word);
  const identity = { alertname, ...labels } as Record<string, string>;
  return {
    status: draft.status ?? 'firing',
    labels: severity ? { ...identity, severity } : identity,
    annotations: draft.annotations ?? {},
    key: draft.key ?? JSON.stringify(Object.entries(identity).sort(([a], [b]) => (a < b ? -1 : 1))),
    ...(draft.startsAt && { startsAt: draft.startsAt }),
    ...(draft.endsAt && { endsAt: draft.endsAt }),
    ...(draft.generatorURL && { generatorURL: draft.generatorURL }),
    ...(draft.saidAt && { saidAt: draft.saidAt }),
    ...(draft.details && { details: draft.details }),
  };
}

/** `High` → `error`, `P1` → `critical`; a word that nobody knows stays, in small letters. */
function normalSeverity(word: string | undefined): string | undefined {
  const text = word?.trim().toLowerCase();
  if (!text) return undefined;
  const known = severityOf({ severity: text });
  return known === 'unknown' ? text : known;
}

const OVER = new Set(
  'resolved resolve ok okay up closed close recovered recovery normal cleared clear healthy inactive success succeeded passed passing fixed green good done'.split(
    ' ',
  ),
);

/** Whether a sender's word says that it is over. A word that nobody knows counts as firing: better one alert too many. */
export function statusOf(word: string | boolean): AlertStatus {
  if (typeof word === 'boolean') return word ? 'firing' : 'resolved';
  return OVER.has(word.trim().toLowerCase()) ? 'resolved' : 'firing';
}

function statusIn(value: unknown, { field }: Field): AlertStatus | undefined {
  if (value === null) return undefined;
  if (typeof value === 'boolean' || (typeof value === 'string' && !/^\s*\d*\s*$/.test(value)))
    return statusOf(value);
  throw new Fault(
    'SB_REJECTED',
    `${field} must yield true, false or a word, since numbers mean different things.`,
    { field },
  );
}

function isTrue(value: unknown, { field }: Field): boolean {
  if (typeof value === 'boolean') return value;
  throw new Fault('SB_REJECTED', `${field} must yield true or false.`, { field });
}

function textsOf(
  fields: readonly [string, Field][],
  value: (field: Field) => unknown,
): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, field] of fields) {
    const text = textOf(value(field), field);
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}

function textOf(value: unknown, { field }: Field): string | undefined {
  if (value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Fault('SB_REJECTED', `${field} must yield a text, a number, true or false.`, { field });
}

function timeOf(value: unknown, { field }: Field): string | undefined {
  if (value === null || value === '') return undefined;
  const time = utcTime(value);
  if (time === undefined && !(typeof value === 'string' && value.startsWith('0001-01-01T'))) {
    throw new Fault('SB_REJECTED', `${field} must yield a time.`, { field });
  }
  return time;
}
