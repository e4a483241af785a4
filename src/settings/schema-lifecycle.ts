import { Type } from '@signalbox/sdk';
import { choice, duration, EXPECTS, oneOrMore, positiveDuration, section, text } from './schema-fields.ts';

const PRIORITIES = ['critical', 'warning', 'info'] as const;

const escalateRule = section(
  {
    matchers: oneOrMore(text, {
      description: 'Which alerts, in Alertmanager’s syntax; all must match. Empty: all alerts.',
      default: [],
      [EXPECTS]: 'a matcher such as severity="warning", or a list of them',
      examples: [['severity="warning"']],
    }),
    after: positiveDuration({ description: 'How long the alert has fired.', examples: ['2h'] }),
    severity: Type.Optional(
      text({
        description:
          'The severity that it has from then on. The label stays as its source gave it, so routes that match on the label do not change.',
        examples: ['critical'],
      }),
    ),
    priority: Type.Optional(
      choice(PRIORITIES, {
        description: 'The priority that it has from then on; default: that of `severity`.',
      }),
    ),
  },
  {
    description: 'Raises an alert by its duration; it never lowers one. Those who were told are told again.',
  },
);

export const lifecycle = section(
  {
    ack_stops_repeats: Type.Boolean({
      description:
        'Whether a group whose firing alerts are all acknowledged is not told again by `repeat_interval`. What is new in it, what is raised and what resolves is told nevertheless.',
      default: true,
    }),
    stale_after: duration({
      description:
        'A firing alert that nobody spoke of for this long is marked as stale; `0s`: never. The hub’s own alerts are left out.',
      default: '7d',
    }),
    resolve_stale_after: duration({
      description:
        'A firing alert that nobody spoke of for this long is resolved, with the reason; `0s`: never. Longer than the longest pause of any source.',
      default: '30d',
    }),
    escalate: Type.Array(escalateRule, {
      description:
        'Alerts that fire for too long count for more. A changed list applies to an alert with its next signal.',
      default: [],
      examples: [[{ matchers: 'severity="warning"', after: '2h', severity: 'critical' }]],
    }),
  },
  { description: 'What time does with alerts, and what an acknowledgement means.', default: {} },
);
