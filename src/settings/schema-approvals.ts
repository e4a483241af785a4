import { Type } from '@signalbox/sdk';
import { APPROVAL_DEFAULTS } from '../model/approval.ts';
import { choice, duration, positiveDuration, section, text } from './schema-fields.ts';

const integrations = (description: string) =>
  Type.Array(text({ description: 'An integration.' }), { description, default: [], examples: [['erp']] });

const roles = (description: string) =>
  Type.Array(text({ description: 'A role of `approvals.roles`.' }), { description, default: [] });

const tellings = {
  receiver: Type.Optional(
    text({
      description: 'The receiver that is told: asked, reminded, and what came of it.',
      examples: ['ops'],
    }),
  ),
  remind_before: Type.Optional(
    duration({
      description: 'How long before the deadline it is told once more; `0s`: not at all.',
      examples: ['1h'],
    }),
  ),
};

const use = (description: string) =>
  Type.Optional(section(tellings, { description: `${description} What is left out is as for all.` }));

const gate = section(
  {
    from: text({ description: 'The environment that a namespace is in.', examples: ['staging'] }),
    to: text({ description: 'The one that it may go to.', examples: ['production'] }),
    requested_by: roles('Who may ask; default: everybody.'),
    needs: Type.Record(Type.String(), Type.Integer({ minimum: 1, maximum: 20 }), {
      minProperties: 1,
      description: 'How many different people have to agree, by role.',
      examples: [{ lead: 1, business: 2 }],
    }),
    deadline: Type.Optional(
      positiveDuration({
        description: 'How long it waits; default: `approvals.deadline`.',
        examples: ['3d'],
      }),
    ),
  },
  { description: 'A way from one environment to another. What no gate describes is refused.' },
);

export const approvals = section(
  {
    deadline: positiveDuration({
      description: 'How long an approval waits for an answer.',
      default: '1d',
      examples: ['4h'],
    }),
    on_expiry: choice(APPROVAL_DEFAULTS, {
      description: 'What holds when nobody has answered by then.',
      default: 'reject',
    }),
    four_eyes: Type.Boolean({
      description:
        'Whether nobody approves what they asked for themselves. People are known by the name that they give; see `X-Signalbox-User`.',
      default: true,
    }),
    redrive: integrations(
      'Dead letters of these integrations, deliveries and quarantined signals, are tried again only after an approval.',
    ),
    intervene: integrations(
      'A delivery to one of these integrations that becomes a dead letter asks for a person by itself: a pending approval names it, and is the way to send it again.',
    ),
    ...tellings,
    uses: section(
      {
        redrive: use('Dead letters that somebody wants to try again.'),
        intervene: use('Dead letters that ask by themselves.'),
        promote: use('Namespaces that are to become another environment.'),
        limits: use('Namespaces that are to have more than their limits.'),
        workflow: use('Runs of workflows that wait to be started.'),
        request: use('What other tools ask by `POST /api/v1/approvals`.'),
      },
      { description: 'Other receivers and times for some of what waits.', default: {} },
    ),
    roles: Type.Record(
      Type.String(),
      Type.Array(text({ description: 'A person, as they name themselves.' })),
      {
        description: 'Who has which role in promotions.',
        default: {},
        examples: [{ lead: ['kim'], business: ['bea', 'ben'] }],
      },
    ),
    promotions: Type.Array(gate, {
      description:
        'The gates between environments. With the first one, namespaces are promoted only by `POST /api/v1/promotions`, and tools can no longer report a promotion as done.',
      default: [],
      examples: [[{ from: 'staging', to: 'production', needs: { lead: 1, business: 2 } }]],
    }),
  },
  { description: 'What waits for a person’s consent. Left out, nothing does.' },
);
