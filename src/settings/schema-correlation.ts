import { EXPRESSION_MEDIA_TYPE, Type } from '@signalbox/sdk';
import { INCIDENT_UPDATES } from '../model/settings.ts';
import {
  DEFAULT_TEXT,
  EXPECTS,
  ID_EXPECTS,
  ID_PATTERN,
  choice,
  duration,
  oneOrMore,
  positiveDuration,
  section,
  text,
} from './schema-fields.ts';

const MATCHERS = 'a matcher such as severity="critical", or a list of them';

const expression = (description: string, example: string) =>
  Type.Optional(
    Type.String({
      description,
      contentMediaType: EXPRESSION_MEDIA_TYPE,
      minLength: 1,
      maxLength: 4_096,
      [EXPECTS]: 'a CEL expression such as alert.severity == "info"',
      [DEFAULT_TEXT]: 'none',
      examples: [example],
    }),
  );

const rule = section(
  {
    id: Type.String({
      pattern: ID_PATTERN,
      [EXPECTS]: ID_EXPECTS,
      description: 'What decisions call it.',
      examples: ['by-cluster'],
    }),
    matchers: Type.Optional(
      oneOrMore(text, {
        description:
          'Which alerts it takes; all must match. The first rule of the list that takes an alert has it.',
        [DEFAULT_TEXT]: 'every alert',
        [EXPECTS]: MATCHERS,
        examples: [['severity=~"critical|warning"']],
      }),
    ),
    when: expression(
      'A CEL expression about which alerts it takes; together with `matchers` both must hold. It sees the alert as it began: `now` is `alert.startsAt` and `alert.status` is `firing`, so that an alert has one place however late it is asked for.',
      'facts.environment == "production" && alert.labels.service.startsWith("shop-")',
    ),
    same: Type.Array(text({ description: 'A label.' }), {
      description: 'Alerts with different values of these labels are never in one incident.',
      default: [],
      examples: [['cluster']],
    }),
    window: positiveDuration({
      description: 'How far apart the starts of two alerts may lie.',
      default: '10m',
    }),
    hops: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 10,
        description:
          'How many dependencies may lie between the services of two alerts, in either direction; needs `topology`. Left out, services do not count.',
        examples: [1],
      }),
    ),
    similarity: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description:
          'Which share of the words of their summaries two alerts must have in common; words with digits do not count. Left out, texts do not count.',
        examples: [0.6],
      }),
    ),
    parent: Type.Optional(
      oneOrMore(text, {
        description:
          'An alert that matches is the parent of the others, and thereby the cause that the incident names.',
        [DEFAULT_TEXT]: 'none',
        [EXPECTS]: MATCHERS,
        examples: [['alertname="NodeDown"']],
      }),
    ),
    parent_when: expression(
      'The same as CEL, seen as by `when`; together with `parent` both must hold.',
      'facts.criticality == "tier-1"',
    ),
    changes: Type.Optional(
      oneOrMore(text, {
        description:
          'Alerts that match tell of deployments and changes. They are shown at the incidents that began near them, and open none.',
        [DEFAULT_TEXT]: 'none',
        [EXPECTS]: MATCHERS,
        examples: [['kind="deployment"']],
      }),
    ),
    changes_when: expression(
      'The same as CEL, seen as by `when`; together with `changes` both must hold.',
      'integration == "ci" && alert.details.kind == "deployment"',
    ),
    changes_within: duration({
      description: 'How near to the start of an incident a change must lie to be shown.',
      default: '30m',
    }),
  },
  { description: 'Which alerts belong together.' },
);

export const correlation = section(
  {
    rules: Type.Array(rule, {
      description: 'Tried in order. Without a rule there are no incidents.',
      default: [],
    }),
  },
  {
    description:
      'Which alerts become one incident. Two alerts are linked when all that a rule looks at speaks for it.',
    default: {},
  },
);

export const incidents = section(
  {
    reopen_window: duration({
      description:
        'How long a resolved incident takes new alerts, which open it again. After that they open a new one.',
      default: '30m',
    }),
    close_after: positiveDuration({
      description: 'After how long a resolved incident is closed.',
      default: '1d',
    }),
    stale_after: positiveDuration({
      description: 'After how long without any change an open incident is marked as stale.',
      default: '7d',
    }),
    escalate_after: Type.Array(
      section(
        {
          after: positiveDuration({ description: 'Since it was opened.', examples: ['30m'] }),
          severity: text({ description: 'What it is raised to; never lowered.', examples: ['critical'] }),
        },
        { description: 'One step.' },
      ),
      {
        description: 'Raises the severity of incidents that nobody acknowledged, step by step.',
        default: [],
        examples: [[{ after: '30m', severity: 'critical' }]],
      },
    ),
    receiver: Type.Optional(
      text({
        description:
          'The receiver that is told of incidents: that one was opened, its updates and its end. Left out, incidents tell nobody; the routes of their alerts are as they are in either case.',
        examples: ['on-call'],
      }),
    ),
    updates: Type.Array(choice(INCIDENT_UPDATES, { description: 'One.' }), {
      description:
        'What of an incident is told beside its opening and its end. `severity`: it has become another. `joined`: further alerts. `cause`: another likely cause. `acknowledged`, `assigned`: by whom, or no longer. `stale`: nothing has happened to it for `stale_after`.',
      default: ['severity'],
      examples: [['severity', 'acknowledged']],
    }),
    suppress_member_notifications: Type.Boolean({
      description:
        'Whether alerts of an incident that is told are held by themselves, also those that are critical in production: the incident tells of them. Needs `receiver`, and `severity` among `updates`.',
      default: false,
    }),
  },
  { description: 'The life of incidents, and who is told of them.', default: {} },
);

export const topology = Type.Optional(
  section(
    {
      label: text({ description: 'The label that names the service of an alert.', default: 'service' }),
      services: Type.Record(
        text({ description: 'A service.' }),
        section(
          {
            depends_on: Type.Array(text({ description: 'A service.' }), {
              description:
                'Services that it can’t do without. They need no entry of their own, and circles are allowed.',
              default: [],
            }),
          },
          { description: 'One service.', default: {} },
        ),
        {
          description: 'The services by the value of the label.',
          default: {},
          examples: [{ shop: { depends_on: ['payments', 'db'] } }],
        },
      ),
      suppress: Type.Boolean({
        description:
          'Whether alerts of a service are held while one of the services that it depends on has a firing alert. Never those that are critical in production.',
        default: false,
      }),
    },
    { description: 'Which service depends on which.' },
  ),
);

export const flapping = Type.Optional(
  section(
    {
      changes: Type.Integer({
        minimum: 2,
        maximum: 20,
        description: 'An alert that began or ended so often inside the window flaps, and is held.',
        default: 6,
      }),
      low: Type.Integer({
        minimum: 1,
        maximum: 20,
        description: 'It flaps until fewer than these lie inside the window.',
        default: 3,
      }),
      window: positiveDuration({ description: 'How far back changes count.', default: '30m' }),
    },
    { description: 'When an alert that comes and goes is held. Never one that is critical in production.' },
  ),
);

export const storm = Type.Optional(
  section(
    {
      by: Type.Array(text({ description: 'A label.' }), {
        description:
          'Alerts with different values of these labels are counted apart. Empty: all of a tenant together.',
        default: [],
        examples: [['cluster']],
      }),
      per_minute: Type.Integer({
        minimum: 2,
        description:
          'From so many new alerts in a minute on they are held, and one alert `AlertStorm` tells how many there are and of what.',
        default: 500,
      }),
      low: Type.Optional(
        Type.Integer({
          minimum: 1,
          description: 'The storm is over when a minute brings fewer than these.',
          [DEFAULT_TEXT]: 'half of `per_minute`',
        }),
      ),
    },
    {
      description:
        'When very many alerts become one digest. Those that are critical in production are told all the same.',
    },
  ),
);
