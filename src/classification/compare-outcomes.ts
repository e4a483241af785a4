import type { Settings } from '../model/settings.ts';
import { createAliases } from '../model/aliases.ts';
import type { NamespaceFacts } from './classification.ts';
import { weighNamespace } from './weigh-namespace.ts';

export const OUTCOMES = [
  'environment',
  'owner',
  'tenant',
  'business_unit',
  'criticality',
  'priority',
] as const;
export type Outcome = (typeof OUTCOMES)[number];
export type Outcomes = Readonly<Partial<Record<Outcome, string>>>;

/** What one configuration makes of a namespace, and another. */
export interface Compared {
  readonly namespace: string;
  readonly cluster?: string;
  readonly before: Outcomes;
  readonly after: Outcomes;
  /** Which outcomes are not the same. */
  readonly changed: readonly Outcome[];
}

type Compare = Pick<Settings, 'classification' | 'priority' | 'directory'>;

const OWNER_LABELS = ['team', 'owner'];
const TENANT = 'default';

/** What changes for each of these namespaces when one configuration takes the place of another (BR-QUAL-015). Pure. */
export function compareOutcomes(
  before: Compare,
  after: Compare,
  namespaces: readonly NamespaceFacts[],
  now: number,
): readonly Compared[] {
  const [was, is] = [createOutcomes(before, now), createOutcomes(after, now)];
  return namespaces.map((facts) => {
    const { namespace, cluster } = facts;
    const outcomes = { before: was(facts), after: is(facts) };
    return {
      namespace,
      ...(cluster === undefined ? {} : { cluster }),
      ...outcomes,
      changed: OUTCOMES.filter((outcome) => outcomes.before[outcome] !== outcomes.after[outcome]),
    };
  });
}

function createOutcomes(settings: Compare, now: number): (facts: NamespaceFacts) => Outcomes {
  const { present } = createAliases(settings.directory?.aliases ?? {});
  const ownerLabels = settings.classification?.ownerLabels ?? OWNER_LABELS;
  return ({ namespace, cluster = '', labels = {} }) => {
    const key = { tenant: TENANT, cluster, namespace };
    const { environment, tenant, businessUnit, criticality, priority } = weighNamespace(
      settings,
      key,
      { labels },
      now,
    );
    const owner = ownerLabels.map((name) => labels[name]).find(Boolean);
    return {
      environment,
      ...(owner === undefined ? {} : { owner: present(owner) }),
      ...(tenant === undefined || tenant === TENANT ? {} : { tenant }),
      ...(businessUnit === undefined ? {} : { business_unit: businessUnit }),
      ...(criticality === undefined ? {} : { criticality }),
      ...(priority === undefined ? {} : { priority }),
    };
  };
}
