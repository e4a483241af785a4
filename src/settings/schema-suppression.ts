import { Type } from '@signalbox/sdk';
import { DEFAULT_TEXT, EXPECTS, duration, oneOrMore, section, text } from './schema-fields.ts';

const MATCHER_EXPECTS = { [EXPECTS]: 'a matcher such as severity="critical", or a list of them' };

const inhibitRule = section(
  {
    name: Type.Optional(
      text({
        description: 'What decisions call it.',
        [DEFAULT_TEXT]: 'its place in the list',
        examples: ['cluster-down'],
      }),
    ),
    source_matchers: oneOrMore(text, {
      description: 'Which firing alerts inhibit; all must match.',
      examples: [['alertname="ClusterDown"']],
      ...MATCHER_EXPECTS,
    }),
    target_matchers: oneOrMore(text, {
      description: 'Which alerts are held; all must match.',
      examples: [['severity=~"warning|info"']],
      ...MATCHER_EXPECTS,
    }),
    equal: Type.Array(text({ description: 'A label.' }), {
      description: 'Labels that must have the same value in both. A label that both lack is equal.',
      default: [],
      examples: [['cluster', 'namespace']],
    }),
  },
  {
    description:
      'While an alert that the source matchers take fires, alerts that the target matchers take are held. The meaning is Alertmanager’s.',
  },
);

export const inhibitRules = Type.Array(inhibitRule, {
  description: 'Which alerts are held while others fire.',
  default: [],
});

const maintenanceWindow = section(
  {
    matchers: oneOrMore(text, {
      description: 'Which alerts are held; all must match, and one must not match a missing label.',
      examples: [['cluster="eu-1"']],
      ...MATCHER_EXPECTS,
    }),
    starts_at: text({
      description:
        'When it begins, RFC 3339. Of a recurring window: no occurrence begins before it, and it gives the time of day.',
      examples: ['2026-12-01T22:00:00Z'],
    }),
    ends_at: Type.Optional(
      text({
        description: 'When it ends, RFC 3339. Of a recurring window: it does not come again after that.',
        [DEFAULT_TEXT]: 'never, for a recurring window',
        examples: ['2026-12-02T02:00:00Z'],
      }),
    ),
    rrule: Type.Optional(
      text({
        description: 'When it comes again: a recurrence rule of RFC 5545, nothing finer than a minute.',
        [DEFAULT_TEXT]: 'it happens once',
        examples: ['FREQ=WEEKLY;BYDAY=SU'],
      }),
    ),
    duration: Type.Optional(
      duration({
        description: 'How long each occurrence of a recurring window lasts.',
        [DEFAULT_TEXT]: 'needed with `rrule`',
        examples: ['2h'],
      }),
    ),
    time_zone: text({
      description: 'The zone whose wall clock the rule follows.',
      default: 'UTC',
      examples: ['Europe/Berlin'],
    }),
    reason: text({ description: 'What people read.', default: 'planned maintenance' }),
    announce: Type.Boolean({
      description:
        'Whether an alert `MaintenanceWindow` of the hub’s own fires while it lasts, so that start and end are told.',
      default: false,
    }),
  },
  { description: 'A time in which alerts are held, once or again and again.' },
);

export const maintenanceWindows = Type.Record(Type.String(), maintenanceWindow, {
  description: 'Planned maintenance by name. Further windows are made through the API.',
  default: {},
});

export const silences = section(
  {
    expiry_notice: duration({
      description:
        'How long before its end a silence that still holds firing alerts is announced, by an alert `SilenceExpiring` of the hub’s own. `0s`: never.',
      default: '0s',
    }),
    confirm_above: Type.Integer({
      description:
        'A new silence that would hold more firing alerts than this has to be confirmed. Alertmanager’s API never asks.',
      minimum: 0,
      default: 100,
    }),
  },
  { description: 'How people may be quiet.', default: {} },
);
