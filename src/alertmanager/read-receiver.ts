import type { Report } from '../settings/report.ts';
import type { PathPart } from '../settings/tree.ts';
import type { AlertmanagerReceiver, AlertmanagerSettings, ReceiverConfig } from './config.ts';
import { checkHttpConfig, checkTlsConfig } from './http-rules.ts';
import { inheritGlobal } from './inherit-global.ts';
import { textsOf } from './read-route.ts';
import { RECEIVER_RULES } from './receiver-rules.ts';
import { RECEIVER_KINDS } from './shape-receiver.ts';
import type { Decoded } from './shape.ts';
import { sectionOf, textOf } from './settings.ts';

type Path = readonly PathPart[];

/** Kinds that do not tell of what is resolved unless they are asked to. */
const SILENT_ON_RESOLVE = ['email', 'slack', 'rocketchat', 'wechat'];

export function readReceiver(
  fields: AlertmanagerSettings,
  path: Path,
  global: AlertmanagerSettings,
  report: Report,
): AlertmanagerReceiver {
  const name = textOf(fields, 'name');
  if (name === '') {
    report.error(path, { code: 'missing_key', message: 'the key "name" is missing, or empty' });
  }
  const labels = textsOf(fields['labels']);
  if (Object.hasOwn(labels, 'name') && labels['name'] !== name) {
    const message = 'the label "name" must be the name of the receiver';
    report.error([...path, 'labels', 'name'], { code: 'wrong_value', message });
  }
  const configs = Object.keys(RECEIVER_KINDS).flatMap((key) => {
    const entries = (fields[key] as readonly Decoded[] | undefined) ?? [];
    return entries.flatMap((entry, index) =>
      readConfig(key.replace(/_configs$/, ''), entry, [...path, key, index], global, report),
    );
  });
  return { path, name, labels: { ...labels, name }, configs };
}

/** Kinds whose settings may all come from `global`, so that an entry without any is fine. */
const MAY_BE_EMPTY = ['slack', 'opsgenie', 'wechat', 'rocketchat'];

function readConfig(
  kind: string,
  entry: Decoded,
  path: Path,
  global: AlertmanagerSettings,
  report: Report,
): readonly ReceiverConfig[] {
  if (entry === undefined && !MAY_BE_EMPTY.includes(kind)) {
    report.error(path, {
      code: 'wrong_value',
      message: `expected the settings of ${kind}, and nothing is here`,
    });
    return [];
  }
  const own = (entry ?? {}) as AlertmanagerSettings;
  for (const rule of RECEIVER_RULES[kind] ?? []) {
    const problem = rule(own);
    if (problem === undefined) continue;
    const at = problem.key === undefined || own[problem.key] === undefined ? path : [...path, problem.key];
    report.error(at, { code: 'wrong_value', message: problem.message }, 'key');
  }
  if (own['http_config'] !== undefined) {
    checkHttpConfig(sectionOf(own, 'http_config'), [...path, 'http_config'], report);
  }
  if (own['tls_config'] !== undefined) {
    checkTlsConfig(sectionOf(own, 'tls_config'), [...path, 'tls_config'], report);
  }
  const { settings, problem } = inheritGlobal(kind, own, global);
  if (problem !== undefined) report.error(path, { code: 'missing_key', message: problem });
  const isTold = own['send_resolved'] as boolean | undefined;
  return [{ path, kind, send_resolved: isTold ?? !SILENT_ON_RESOLVE.includes(kind), settings }];
}
