import type { ConditionText } from './rule-settings.ts';

/** How alerts of many senders are brought into one form, in the order of its fields. Plain data. */
export interface NormaliseSettings {
  readonly schemas: readonly EventSchema[];
  readonly mappings: readonly FieldMapping[];
  readonly relabel: readonly RelabelStep[];
  readonly severities: SeverityScales;
}

/** What events have to look like; of `integrations`, or of all where there are none. */
export interface EventSchema {
  readonly id: string;
  readonly integrations: readonly string[];
  /** JSON Schema 2020-12 of the event's `data`. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly onInvalid: 'go_on' | 'hold';
}

/** CEL expressions by the name of what they give; one that gives nothing leaves what is there. */
export interface FieldMapping extends ConditionText {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export const RELABEL_ACTIONS = [
  'replace',
  'keep',
  'drop',
  'keepequal',
  'dropequal',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
  'lowercase',
  'uppercase',
] as const;

/** Prometheus' relabel_config (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config). */
export interface RelabelStep {
  readonly action: (typeof RELABEL_ACTIONS)[number];
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  readonly regex: string;
  readonly modulus: number;
  readonly targetLabel: string;
  readonly replacement: string;
}

/** By a word in lower case, a number, or a range of numbers such as `4-5`; what an integration says of its own goes first. */
export interface SeverityScales {
  /** The first of these labels that an alert has is its severity. */
  readonly labels: readonly string[];
  readonly general: Readonly<Record<string, string>>;
  readonly byIntegration: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
