import type { Matcher } from '../model/matcher.ts';
import type { PathPart } from '../settings/tree.ts';
import type { Decoded } from './shape.ts';

/** Settings of one part of the file, under Alertmanager's own names; what was left out is undefined. */
export type AlertmanagerSettings = { readonly [key: string]: Decoded };

/**
 * An `alertmanager.yml` of Alertmanager 0.34, read and checked. Names are Alertmanager's own, so that its documentation
 * (https://prometheus.io/docs/alerting/latest/configuration/) is that of this model. Secrets stand in clear.
 */
export interface AlertmanagerConfig {
  /** With Alertmanager's defaults filled in. */
  readonly global: AlertmanagerSettings & { readonly resolve_timeout: string };
  readonly route: AlertmanagerRoute;
  readonly receivers: readonly AlertmanagerReceiver[];
  readonly inhibit_rules: readonly InhibitRule[];
  /** Those of `mute_time_intervals` and `time_intervals` together. */
  readonly time_intervals: readonly NamedTimeInterval[];
  /** Globs as written; relative ones belong to the folder of the file. */
  readonly templates: readonly string[];
}

export interface AlertmanagerRoute {
  readonly path: readonly PathPart[];
  readonly receiver?: string;
  /** `...` alone is all labels; an empty list is none of them, whatever the parent says. */
  readonly group_by?: readonly string[];
  /** Of `match`, `match_re` and `matchers` together. */
  readonly matchers: readonly Matcher[];
  readonly mute_time_intervals: readonly string[];
  readonly active_time_intervals: readonly string[];
  readonly continue: boolean;
  /** Durations as written. */
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
  /** Go templates for `routeLabels`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly routes: readonly AlertmanagerRoute[];
}

export interface AlertmanagerReceiver {
  readonly path: readonly PathPart[];
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly configs: readonly ReceiverConfig[];
}

/** One entry of a receiver's `webhook_configs`, `slack_configs` and so on, with what it takes from `global` filled in. */
export interface ReceiverConfig {
  readonly path: readonly PathPart[];
  /** The key of the list without its ending: `webhook`, `slack`, `email`. */
  readonly kind: string;
  readonly send_resolved: boolean;
  readonly settings: AlertmanagerSettings;
}

export interface InhibitRule {
  readonly path: readonly PathPart[];
  readonly name?: string;
  readonly source_matchers: readonly Matcher[];
  readonly target_matchers: readonly Matcher[];
  readonly equal: readonly string[];
}

export interface NamedTimeInterval {
  readonly path: readonly PathPart[];
  readonly name: string;
  readonly time_intervals: readonly TimeInterval[];
}

/** All parts that are there have to hold; of each list one item. An absent list holds always. */
export interface TimeInterval {
  /** Minutes of the day, the end not included. */
  readonly times?: readonly Range[];
  /** 0 is Sunday. */
  readonly weekdays?: readonly Range[];
  /** From 1; negative counts from the end of the month, -1 is the last day. */
  readonly days_of_month?: readonly Range[];
  /** From 1. */
  readonly months?: readonly Range[];
  readonly years?: readonly Range[];
  /** IANA time zone; absent is UTC. */
  readonly location?: string;
}

/** Both ends included, unless said otherwise. */
export interface Range {
  readonly begin: number;
  readonly end: number;
}
