import { Type } from '@signalbox/sdk';
import { APPROVAL_DEFAULTS } from '../model/approval.ts';
import { choice, positiveDuration, section, text } from './schema-fields.ts';

const integrations = (description: string) =>
  Type.Array(text({ description: 'An integration.' }), { description, default: [], examples: [['erp']] });

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
  },
  { description: 'What waits for a person’s consent. Left out, nothing does.' },
);
