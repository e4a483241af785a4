import { Type, type Static } from '@signalbox/sdk';
import type { Limit, LimitCheck, LimitedNamespace } from '../../classification/check-limits.ts';
import type { Approval } from '../../model/approval.ts';
import type { Settings } from '../../model/settings.ts';
import { approvalSchema, presentApproval } from './present-approval.ts';
import { oneOf, priority, ref, tenantName } from './schema.ts';

const resource = Type.String({ description: 'As in a ResourceQuota of Kubernetes.', examples: ['cpu'] });
const quantity = (description: string, example: string) => Type.String({ description, examples: [example] });
const rule = Type.String({ description: 'The rule of `namespace_limits`.', examples: ['development'] });
const place = Type.Optional(
  Type.String({ description: 'Where it is written.', examples: ['signalbox.yaml:12:5'] }),
);
const word = (description: string, example: string) =>
  Type.Optional(Type.String({ description, examples: [example] }));

const about = {
  namespace: Type.String({ examples: ['shop'] }),
  cluster: word('Absent where nothing names one.', 'eu-1'),
  known: Type.Boolean({
    description: 'Whether the hub has heard of it; if not, its name alone was looked at.',
  }),
  environment: Type.String({
    description: 'What it counts as. Unknown and contradictory count as production.',
    examples: ['production'],
  }),
  tenant: Type.Optional(tenantName),
  business_unit: word('Whose it is.', 'retail'),
  criticality: word('As a policy of `priority` says it now.', 'tier-1'),
  priority: Type.Optional(priority),
};

export const namespaceLimitsSchema = Type.Object(
  {
    ...about,
    limits: Type.Array(
      Type.Object({ resource, limit: quantity('The most there may be.', '8'), rule, place }),
      { description: 'One for each resource that is limited.' },
    ),
    approvals: Type.Array(ref(approvalSchema), {
      description: 'The last questions whether it may have more, newest first.',
    }),
  },
  { $id: 'NamespaceLimits', description: 'What a namespace may have, and why.' },
);
export type NamespaceLimitsView = Static<typeof namespaceLimitsSchema>;

export const limitCheckSchema = Type.Object(
  {
    ...about,
    outcome: oneOf(
      ['within', 'needs_approval'],
      '`needs_approval`: something is above its limit, or can’t be read.',
    ),
    breaches: Type.Array(
      Type.Object({
        resource,
        asked: quantity('What was asked for.', '4500m'),
        limit: Type.Optional(quantity('The most there may be.', '4')),
        rule: Type.Optional(rule),
        place,
        message: Type.String({
          examples: ['shop-dev (development) asks for 4500m of cpu, and development allows 4'],
        }),
      }),
    ),
    unlimited: Type.Array(Type.String(), { description: 'Resources that no rule limits.' }),
    approval: Type.Optional(
      Type.Unsafe<Static<typeof approvalSchema>>({
        ...ref(approvalSchema),
        description: 'The last question whether it may have exactly this.',
      }),
    ),
  },
  { $id: 'LimitCheck', description: 'Whether a namespace may have what it asks for.' },
);
export type LimitCheckView = Static<typeof limitCheckSchema>;

/** What is told of the namespace in both answers. */
export interface Weighed {
  readonly namespace: LimitedNamespace;
  readonly isKnown: boolean;
}

export function presentLimits(
  weighed: Weighed,
  limits: readonly Limit[],
  approvals: readonly Approval[],
  settings: Settings,
): NamespaceLimitsView {
  return {
    ...presentWeighed(weighed),
    limits: limits.map((limit) => ({ ...limit, ...placeOf(limit.rule, settings) })),
    approvals: approvals.map(presentApproval),
  };
}

export function presentLimitCheck(
  weighed: Weighed,
  { outcome, breaches, unlimited }: LimitCheck,
  approval: Approval | undefined,
  settings: Settings,
): LimitCheckView {
  return {
    ...presentWeighed(weighed),
    outcome,
    breaches: breaches.map((breach) => ({ ...breach, ...placeOf(breach.rule, settings) })),
    unlimited: [...unlimited],
    ...(approval ? { approval: presentApproval(approval) } : {}),
  };
}

function presentWeighed({ namespace: { businessUnit, ...namespace }, isKnown }: Weighed) {
  return {
    ...namespace,
    known: isKnown,
    ...(businessUnit === undefined ? {} : { business_unit: businessUnit }),
  };
}

function placeOf(id: string | undefined, settings: Settings): { readonly place?: string } {
  const index = settings.namespaceLimits?.findIndex((limit) => limit.id === id) ?? -1;
  const written = settings.places?.[`namespace_limits[${index}]`];
  return written === undefined ? {} : { place: written };
}
