import { analysis } from './schema-analysis.ts';
import { enrichment, enrichmentBudget } from './schema-enrichment.ts';
import { EXPRESSION_MEDIA_TYPE, GO_TEMPLATE_MEDIA_TYPE, Type, type Static } from '@signalbox/sdk';
import {
  EXPECTS,
  ID_EXPECTS,
  ID_PATTERN,
  duration,
  oneOrMore,
  positiveDuration,
  section,
  text,
  DEFAULT_TEXT,
} from './schema-fields.ts';
import { classification } from './schema-classification.ts';
import { normalise } from './schema-normalise.ts';
import { correlation, flapping, incidents, storm, topology } from './schema-correlation.ts';
import { integration } from './schema-integration.ts';
import { approvals } from './schema-approvals.ts';
import { namespaceLimits } from './schema-limits.ts';
import { directory } from './schema-directory.ts';
import { workflows } from './schema-workflows.ts';
import { lifecycle } from './schema-lifecycle.ts';
import { priority } from './schema-priority.ts';
import { scoringSection } from './schema-scoring.ts';
import { rules } from './schema-rules.ts';
import { inhibitRules, maintenanceWindows, silences } from './schema-suppression.ts';
import { journal, log, server, storage, watchdog } from './schema-server.ts';

const INHERITED = 'inherited';

const routeFields = {
  receiver: Type.Optional(
    text({
      description: 'Who is told; the root must name one.',
      [DEFAULT_TEXT]: INHERITED,
      examples: ['on-call'],
    }),
  ),
  matchers: Type.Optional(
    oneOrMore(text, {
      description:
        'Which alerts take this route, in Alertmanager’s syntax; all must match. Not allowed at the root, which takes everything.',
      [EXPECTS]: 'a matcher such as severity="critical", or a list of them',
      examples: [['severity="critical"', 'team=~"shop|pay"']],
    }),
  ),
  when: Type.Optional(
    Type.String({
      description:
        'A CEL expression over `alert`, `facts` and `integration` that has to hold as well. It sees the alert as it fires: `alert.status` is `firing` and `now` is when it began. Not allowed at the root.',
      contentMediaType: EXPRESSION_MEDIA_TYPE,
      minLength: 1,
      maxLength: 4_096,
      [EXPECTS]: 'a CEL expression such as alert.priority == "critical"',
      examples: ['facts.environment == "production" && facts.criticality in ["high", "critical"]'],
    }),
  ),
  continue: Type.Optional(
    Type.Boolean({
      description: 'Whether the next siblings are tried as well after this route matched.',
      [DEFAULT_TEXT]: '`false`',
    }),
  ),
  group_by: Type.Optional(
    Type.Array(text({ description: 'A label.' }), {
      description:
        'Alerts with the same values of these labels make one notification. `["..."]` groups by all labels, `[]` by none.',
      [DEFAULT_TEXT]: `${INHERITED}; at the root none: one group`,
      examples: [['alertname', 'namespace']],
    }),
  ),
  group_wait: Type.Optional(
    duration({
      description: 'How long a new group waits for more alerts before it tells.',
      [DEFAULT_TEXT]: `${INHERITED}; at the root \`30s\``,
      examples: ['10s'],
    }),
  ),
  group_interval: Type.Optional(
    positiveDuration({
      description: 'How long a group waits before it tells about changes.',
      [DEFAULT_TEXT]: `${INHERITED}; at the root \`5m\``,
      examples: ['1m'],
    }),
  ),
  repeat_interval: Type.Optional(
    positiveDuration({
      description: 'After how long it tells again what did not change.',
      [DEFAULT_TEXT]: `${INHERITED}; at the root \`4h\``,
      examples: ['4h'],
    }),
  ),
  mute_time_intervals: Type.Optional(
    Type.Array(text({ description: 'The name of a time interval.' }), {
      description:
        'While one of these holds nobody is told; what fires is held and told at the next tick after it. Not inherited, and not allowed at the root.',
      examples: [['weekends']],
    }),
  ),
  active_time_intervals: Type.Optional(
    Type.Array(text({ description: 'The name of a time interval.' }), {
      description:
        'Somebody is told only while one of these holds; otherwise it is held. Not inherited, and not allowed at the root.',
      examples: [['office-hours']],
    }),
  ),
  labels: Type.Optional(
    Type.Record(Type.String(), Type.String({ contentMediaType: GO_TEMPLATE_MEDIA_TYPE }), {
      description:
        'Words for the messages of this route, as Go templates: `{{ routeLabels "team" }}` writes one, and Alertmanager’s webhook has all of them. Alerts don’t change. Those of a parent hold for its children, which may say them anew.',
      examples: [{ team: 'shop', runbook: 'https://example.org/{{ .GroupLabels.alertname }}' }],
    }),
  ),
  routes: Type.Optional(
    Type.Unsafe<readonly WrittenRoute[]>({
      type: 'array',
      items: { $ref: '#/$defs/route' },
      description: 'Routes below this one; the first that matches takes the alert.',
    }),
  ),
};

const ROUTE_DESCRIPTION =
  'One node of the tree that decides who is told. The words and their meaning are Alertmanager’s.';

export interface WrittenRoute {
  readonly receiver?: string;
  readonly matchers?: string | readonly string[];
  readonly when?: string;
  readonly continue?: boolean;
  readonly group_by?: readonly string[];
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
  readonly mute_time_intervals?: readonly string[];
  readonly active_time_intervals?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly routes?: readonly WrittenRoute[];
}

export const route = section(routeFields, { description: ROUTE_DESCRIPTION });

export const receiverEntry = section(
  {
    integration: text({ description: 'The integration that delivers.', examples: ['pager'] }),
    send_resolved: Type.Boolean({
      description: 'Whether it is told when everything is resolved.',
      default: true,
    }),
  },
  { description: 'One integration of a receiver.' },
);

export const integrations = Type.Record(Type.String({ pattern: ID_PATTERN }), integration, {
  description: 'Configured instances of connectors by id.',
  additionalProperties: false,
  [EXPECTS]: ID_EXPECTS,
});

export const receivers = Type.Record(Type.String(), Type.Array(receiverEntry), {
  description:
    'Named lists of integrations that are told together, by id. An empty list tells nobody; call such a receiver `nobody`.',
});

/** Read by `src/calendar`, which knows Alertmanager's words for times and days. */
export const timeIntervals = Type.Record(
  Type.String(),
  Type.Array(Type.Record(Type.String(), Type.Unknown()), { description: 'Each holds by itself.' }),
  {
    description:
      'Named times for `mute_time_intervals` and `active_time_intervals`, in Alertmanager’s words: `times`, `weekdays`, `days_of_month`, `months`, `years` and `location`.',
    default: {},
    examples: [{ weekends: [{ weekdays: ['saturday', 'sunday'], location: 'Europe/Berlin' }] }],
  },
);

export const templates = Type.Array(text({ description: 'A path with `*` for any letters.' }), {
  description:
    'Files of definitions in Go’s template language, which every `go_templates` may use: paths relative to the file, with `*`. They are read with the configuration; one that matches nothing is fine.',
  default: [],
  examples: [['templates/*.tmpl']],
});

export const connectors = Type.Array(
  text({ description: 'A package name, or a path relative to the file.' }),
  {
    description:
      'Connectors that are not built in: npm packages, or paths that begin with `./`, `../` or `/`.',
    default: [],
    examples: [['signalbox-connector-example', './connectors/mine/index.ts']],
  },
);

export const profiles = Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()), {
  description:
    'Overlays by name, chosen by `--profile` or `SIGNALBOX_PROFILE`. Maps are merged, everything else is replaced.',
  default: {},
  examples: [{ production: { server: { listen: '0.0.0.0:8080' } } }],
});

/**
 * The written form of the configuration, in snake_case. The reference page, the editor schema, the environment
 * variables and all defaults come from here.
 */
export const written = Type.Object(
  {
    server,
    storage,
    journal,
    log,
    integrations,
    receivers,
    routes: Type.Unsafe<WrittenRoute>({ $ref: '#/$defs/route', description: 'The root of the route tree.' }),
    time_intervals: timeIntervals,
    priority,
    scoring: scoringSection,
    inhibit_rules: inhibitRules,
    maintenance_windows: maintenanceWindows,
    silences,
    enrichment,
    enrichment_budget: enrichmentBudget,
    analysis,
    templates,
    topology,
    correlation,
    incidents,
    flapping,
    storm,
    watchdog,
    normalise,
    classification: Type.Optional(classification),
    namespace_limits: namespaceLimits,
    directory: Type.Optional(directory),
    rules,
    lifecycle,
    approvals: Type.Optional(approvals),
    workflows,
    connectors,
    profiles,
  },
  { additionalProperties: false, $defs: { route } },
);

export type Written = Static<typeof written>;
export type WrittenIntegration = Static<typeof integration>;
