import { parseGoDuration } from './go-duration.ts';
import { resolve } from 'node:path';
import type { Finding } from '../settings/finding.ts';
import { sortFindings } from '../settings/finding.ts';
import { createReport } from '../settings/report.ts';
import type { Tree } from '../settings/tree.ts';
import type { AlertmanagerConfig, ReceiverConfig } from './config.ts';
import { convertDiscord } from './convert-discord.ts';
import { convertEmail } from './convert-email.ts';
import { convertMsteams } from './convert-msteams.ts';
import { convertPagerduty } from './convert-pagerduty.ts';
import { convertInhibitRule, convertRoute } from './convert-route.ts';
import { convertSlack } from './convert-slack.ts';
import { convertTelegram } from './convert-telegram.ts';
import { convertTimeInterval } from './convert-time-interval.ts';
import { convertWebhook } from './convert-webhook.ts';
import type { DraftedIntegration, Drafting } from './drafting.ts';
import { integrationId } from './integration-id.ts';
import type { NativeDocument, NativeMap } from './native-document.ts';

export interface Conversion {
  readonly document: NativeDocument;
  /** Empty when the document may be used. */
  readonly errors: readonly Finding[];
  /** What was left out, or will differ. */
  readonly warnings: readonly Finding[];
}

export interface ConvertOptions {
  /** The folder of the file, from which relative paths start. */
  readonly folder: string;
  /** Leaves out what has no counterpart, with a warning, instead of failing. */
  readonly skipUnsupported?: boolean;
}

type Convert = (entry: ReceiverConfig, drafting: Drafting) => DraftedIntegration | undefined;

/** Kinds of receivers for which there is a connector. */
const CONVERTERS: Readonly<Record<string, Convert>> = {
  webhook: convertWebhook,
  slack: convertSlack,
  email: convertEmail,
  pagerduty: convertPagerduty,
  telegram: convertTelegram,
  discord: convertDiscord,
  msteams: convertMsteams,
  msteamsv2: convertMsteams,
};

/** Of Alertmanager, and of the connector. */
const DEFAULT_RESOLVE_TIMEOUT_MS = 300_000;

/**
 * Turns Alertmanager's configuration into a native one of the same behaviour. Pure: nothing is read.
 *
 * @param tree Where each part was written, for the findings.
 */
export function convertConfig(config: AlertmanagerConfig, tree: Tree, options: ConvertOptions): Conversion {
  const timeoutMs = parseGoDuration(config.global.resolve_timeout);
  const integrations: Record<string, NativeMap> = {
    [SOURCE_ID]: {
      connector: 'alertmanager',
      ...(timeoutMs === undefined || timeoutMs === DEFAULT_RESOLVE_TIMEOUT_MS
        ? {}
        : { config: { resolve_timeout_seconds: Math.max(1, Math.ceil(timeoutMs / 1000)) } }),
    },
  };
  const receivers: Record<string, NativeMap[]> = {};
  const errors: Finding[] = [];
  const warnings: Finding[] = [];
  for (const { name, configs } of config.receivers) {
    const entries: NativeMap[] = [];
    receivers[name] = entries;
    for (const entry of configs) {
      const id = integrationId(name, entry.kind, (taken) => Object.hasOwn(integrations, taken));
      const drafted = draft(entry, { report: createReport(tree), folder: options.folder, id });
      const about = `receiver ${JSON.stringify(name)}: `;
      warnings.push(...drafted.warnings.map((found) => ({ ...found, message: about + found.message })));
      for (const found of drafted.errors) {
        const message = about + found.message;
        if (options.skipUnsupported)
          warnings.push({ ...found, message: `${message}; this entry was left out` });
        else errors.push({ ...found, message, hint: '--skip-unsupported leaves it out' });
      }
      if (drafted.made === undefined) continue;
      integrations[id] = withWords(drafted.made);
      entries.push({ integration: id, ...(entry.send_resolved ? {} : { send_resolved: false }) });
    }
  }
  return {
    document: {
      integrations,
      receivers,
      routes: convertRoute(config.route),
      ...(config.time_intervals.length > 0 ? { time_intervals: convertIntervals(config) } : {}),
      ...(config.inhibit_rules.length > 0
        ? { inhibit_rules: config.inhibit_rules.map(convertInhibitRule) }
        : {}),
      ...(config.templates.length > 0
        ? { templates: config.templates.map((glob) => resolve(options.folder, glob)) }
        : {}),
    },
    errors: sortFindings(errors),
    warnings: sortFindings(warnings),
  };
}

/** Where alerts come in: `/hooks/alertmanager`. */
const SOURCE_ID = 'alertmanager';

interface Drafted {
  readonly made: DraftedIntegration | undefined;
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
}

function draft(entry: ReceiverConfig, drafting: Drafting): Drafted {
  const { report } = drafting;
  const convert = CONVERTERS[entry.kind];
  const made = convert?.(entry, drafting);
  if (convert === undefined) {
    const message = `there is no connector for ${entry.kind} yet`;
    report.error(entry.path, { code: 'unsupported', message });
  }
  return {
    made: report.errors.length > 0 ? undefined : made,
    errors: report.errors,
    warnings: report.warnings,
  };
}

function withWords({ integration, templates }: DraftedIntegration): NativeMap {
  if (Object.keys(templates).length === 0) return integration;
  const config = integration['config'] as NativeMap;
  return { ...integration, config: { ...config, go_templates: { from: 'verbatim', value: templates } } };
}

function convertIntervals(config: AlertmanagerConfig): NativeMap {
  return Object.fromEntries(
    config.time_intervals.map(({ name, time_intervals }) => [name, time_intervals.map(convertTimeInterval)]),
  );
}
