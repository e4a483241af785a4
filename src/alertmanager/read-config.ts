import type { Finding } from '../settings/finding.ts';
import { sortFindings } from '../settings/finding.ts';
import { createReport, type Report } from '../settings/report.ts';
import { didYouMean } from '../settings/suggest.ts';
import type { PathPart, Tree } from '../settings/tree.ts';
import type {
  AlertmanagerConfig,
  AlertmanagerRoute,
  AlertmanagerSettings,
  InhibitRule,
  NamedTimeInterval,
} from './config.ts';
import { checkHttpConfig, checkTlsConfig } from './http-rules.ts';
import { GLOBAL_DEFAULTS } from './inherit-global.ts';
import { readReceiver } from './read-receiver.ts';
import { listOf, readMatchers, readRoute } from './read-route.ts';
import { readTimeInterval } from './read-time-interval.ts';
import { readYaml } from './read-yaml.ts';
import { atMostOne } from './receiver-rules.ts';
import { DOCUMENT } from './shape-document.ts';
import { decode } from './shape.ts';
import { sectionOf, sectionsOf, textOf } from './settings.ts';

/** Where each part was written, for those that find problems later. */
export type ReadAlertmanagerConfig =
  | {
      readonly ok: true;
      readonly config: AlertmanagerConfig;
      readonly warnings: readonly Finding[];
      readonly tree: Tree;
    }
  | { readonly ok: false; readonly errors: readonly Finding[]; readonly warnings: readonly Finding[] };

/**
 * Reads and checks an `alertmanager.yml` as Alertmanager 0.34 does, in its default mode: what it refuses is an error here, with
 * line and column, and all errors are found at once. Reads no other file; templates are loaded by `loadTemplates`.
 *
 * @param file What the file is called in messages.
 * @example
 * const read = readAlertmanagerConfig('route: { receiver: ops }\nreceivers: [{ name: ops }]', 'alertmanager.yml');
 */
export function readAlertmanagerConfig(text: string, file: string): ReadAlertmanagerConfig {
  const { value, tree, findings } = readYaml(text, file);
  const report = createReport(tree);
  const document = (decode(DOCUMENT, value, [], report) ?? {}) as AlertmanagerSettings;
  for (const finding of findings) report.add(finding);
  const config = readDocument(document, report);
  const [errors, warnings] = [sortFindings(report.errors), sortFindings(report.warnings)];
  if (config === undefined || errors.length > 0) return { ok: false, errors, warnings };
  return { ok: true, config, warnings, tree };
}

function readDocument(document: AlertmanagerSettings, report: Report): AlertmanagerConfig | undefined {
  const global = readGlobal(sectionOf(document, 'global'), report);
  const receivers = sectionsOf(document, 'receivers').map((fields, index) =>
    readReceiver(fields, ['receivers', index], global, report),
  );
  checkUnique(receivers, 'receiver', report);
  const time_intervals = readTimeIntervals(document, report);
  for (const key of ['tracing', 'event_recorder']) {
    if (document[key] === undefined) continue;
    const message = `"${key}" has no effect: the hub has settings of its own for it`;
    report.warn([key], { code: 'ignored', message }, 'key');
  }
  const inhibit_rules = sectionsOf(document, 'inhibit_rules').map((fields, index) =>
    readInhibitRule(fields, ['inhibit_rules', index], report),
  );
  if (document['route'] === undefined) {
    report.error([], {
      code: 'missing_key',
      message: 'the key "route" is missing: the root of the route tree',
    });
    return undefined;
  }
  const route = readRoute(sectionOf(document, 'route'), ['route'], report);
  checkRoot(route, report);
  checkNames(
    route,
    receivers.map(({ name }) => name),
    time_intervals.map(({ name }) => name),
    report,
  );
  return {
    global,
    route,
    receivers,
    inhibit_rules,
    time_intervals,
    templates: listOf(document['templates']),
  };
}

/** Secrets that may stand in a file instead. */
const FILED = [
  'slack_app_token',
  'slack_api_url',
  'opsgenie_api_key',
  'victorops_api_key',
  'telegram_bot_token',
  'smtp_auth_password',
  'smtp_auth_secret',
  'rocketchat_token',
  'rocketchat_token_id',
  'wechat_api_secret',
  'mattermost_webhook_url',
];

function readGlobal(own: AlertmanagerSettings, report: Report): AlertmanagerConfig['global'] {
  for (const key of FILED) {
    const problem = atMostOne(key, `${key}_file`)(own);
    if (problem) {
      report.error(['global', problem.key!], { code: 'wrong_value', message: problem.message }, 'key');
    }
  }
  const global = { ...GLOBAL_DEFAULTS, ...withoutUndefined(own) } as AlertmanagerConfig['global'];
  const hasToken = Boolean(own['slack_app_token'] || own['slack_app_token_file']);
  const hasAddress = Boolean(own['slack_api_url'] || own['slack_api_url_file']);
  if (hasToken && hasAddress && own['slack_api_url'] !== global['slack_app_url']) {
    const message = 'expected either a slack_api_url or a slack_app_token';
    report.error(['global', 'slack_app_token'], { code: 'wrong_value', message }, 'key');
  }
  if (own['http_config'] !== undefined) {
    checkHttpConfig(sectionOf(own, 'http_config'), ['global', 'http_config'], report);
  }
  checkTlsConfig(sectionOf(own, 'smtp_tls_config'), ['global', 'smtp_tls_config'], report);
  return global;
}

function withoutUndefined(settings: AlertmanagerSettings): AlertmanagerSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function readTimeIntervals(document: AlertmanagerSettings, report: Report): readonly NamedTimeInterval[] {
  const intervals = ['mute_time_intervals', 'time_intervals'].flatMap((key) =>
    sectionsOf(document, key).map((fields, index): NamedTimeInterval => {
      const path = [key, index];
      const name = textOf(fields, 'name');
      if (name === '') {
        report.error(path, { code: 'missing_key', message: 'the key "name" is missing, or empty' });
      }
      const time_intervals = sectionsOf(fields, 'time_intervals').map((interval, at) =>
        readTimeInterval(interval, [...path, 'time_intervals', at], report),
      );
      return { path, name, time_intervals };
    }),
  );
  checkUnique(intervals, 'time interval', report);
  return intervals;
}

function checkUnique(
  items: readonly { readonly name: string; readonly path: readonly PathPart[] }[],
  what: string,
  report: Report,
): void {
  const seen = new Set<string>();
  for (const { name, path } of items) {
    if (seen.has(name) && name !== '') {
      const message = `there is another ${what} ${JSON.stringify(name)} before this one`;
      report.error([...path, 'name'], { code: 'duplicate', message });
    }
    seen.add(name);
  }
}

function readInhibitRule(
  fields: AlertmanagerSettings,
  path: readonly PathPart[],
  report: Report,
): InhibitRule {
  const matchers = (side: string): InhibitRule['source_matchers'] =>
    readMatchers(fields, path, report, {
      match: `${side}_match`,
      regex: `${side}_match_re`,
      matchers: `${side}_matchers`,
    });
  const equal = listOf(fields['equal']);
  if (equal.includes('')) {
    report.error([...path, 'equal'], { code: 'wrong_value', message: 'a label needs a name' });
  }
  const [source_matchers, target_matchers] = [matchers('source'), matchers('target')];
  if (source_matchers.length === 0 || target_matchers.length === 0) {
    const side = source_matchers.length === 0 ? 'source' : 'target';
    const message = `without ${side} matchers every alert is a ${side} of this rule`;
    report.warn(path, { code: 'matches_everything', message });
  }
  return {
    path,
    ...(typeof fields['name'] === 'string' ? { name: fields['name'] } : {}),
    source_matchers,
    target_matchers,
    equal,
  };
}

/** The root takes every alert, at all times. */
function checkRoot(route: AlertmanagerRoute, report: Report): void {
  const refuse = (message: string): void => report.error(['route'], { code: 'wrong_value', message }, 'key');
  if (route.receiver === undefined) refuse('the root route needs a "receiver"');
  if (route.matchers.length > 0) refuse('the root route takes every alert and can’t have matchers');
  if (route.continue) refuse('the root route can’t have "continue"');
  if (route.mute_time_intervals.length > 0) refuse('the root route can’t have "mute_time_intervals"');
  if (route.active_time_intervals.length > 0) refuse('the root route can’t have "active_time_intervals"');
}

function checkNames(
  route: AlertmanagerRoute,
  receivers: readonly string[],
  intervals: readonly string[],
  report: Report,
): void {
  const { path, receiver } = route;
  if (receiver !== undefined && !receivers.includes(receiver)) {
    const message = `there is no receiver ${JSON.stringify(receiver)}`;
    const hint = didYouMean(receiver, receivers);
    report.error([...path, 'receiver'], { code: 'missing_reference', message, hint });
  }
  for (const key of ['mute_time_intervals', 'active_time_intervals'] as const) {
    route[key].forEach((name, index) => {
      if (intervals.includes(name)) return;
      const message = `there is no time interval ${JSON.stringify(name)}`;
      const hint = didYouMean(name, intervals);
      report.error([...path, key, index], { code: 'missing_reference', message, hint });
    });
  }
  for (const child of route.routes) checkNames(child, receivers, intervals, report);
}
