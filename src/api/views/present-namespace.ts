import { Type, type Static } from '@signalbox/sdk';
import type { NamespaceEntry, NamespaceRecord } from '../../model/namespace.ts';
import { rfc3339 } from './rfc3339.ts';
import { oneOf, stringMap, tenantName, timestamp } from './schema.ts';

const where = {
  tenant: tenantName,
  cluster: Type.String({ description: 'Empty where nothing names one.', examples: ['eu-1'] }),
  namespace: Type.String({ examples: ['shop'] }),
};
const environment = (description: string) => Type.String({ description, examples: ['production'] });
const life = Type.Integer({
  minimum: 0,
  description: 'From 1; a namespace that is created again under its name begins another.',
});

export const namespaceState = oneOf(['active', 'deleted'], 'Whether it is there.');
export const namespaceSchema = Type.Object(
  {
    ...where,
    environment: environment('What it counts as. Unknown and contradictory count as production.'),
    state: namespaceState,
    labels: Type.Optional(
      stringMap('As its cluster told them. Absent while only alerts have told of it.', { team: 'shop' }),
    ),
    life,
    entries: Type.Integer({ minimum: 1, description: 'How many entries were recorded for this name.' }),
    created_at: timestamp('When this life began, or it was first heard of.'),
    changed_at: timestamp('When the last thing happened to it.'),
  },
  { $id: 'Namespace', description: 'A namespace as it is known.' },
);
export type NamespaceView = Static<typeof namespaceSchema>;

export const namespaceEntrySchema = Type.Object(
  {
    ...where,
    kind: oneOf(
      ['created', 'labelled', 'classified', 'promoted', 'deleted'],
      'What happened. `classified`: alerts of it are classified so.',
    ),
    at: timestamp('When.'),
    by: Type.String({ description: 'The integration that saw it, or who said so.', examples: ['eu-1'] }),
    life,
    sequence: Type.Integer({
      minimum: 0,
      description: 'Without gaps for each name; 0 for an event of a namespace that is not known.',
    }),
    from: Type.Optional(environment('The environment before.')),
    to: Type.Optional(environment('The environment after.')),
    labels: Type.Optional(stringMap('Its labels from then on.', { team: 'shop' })),
    promotion: Type.Optional(Type.String({ description: 'The promotion that allowed it.' })),
    unapproved: Type.Boolean({
      description: 'It became another environment past every gate: by labels, rules or what alerts say.',
    }),
    refused: Type.Optional(Type.String({ description: 'Why it changed nothing.' })),
  },
  { $id: 'NamespaceEntry', description: 'One thing that happened to a namespace.' },
);
export type NamespaceEntryView = Static<typeof namespaceEntrySchema>;

export function presentNamespace(record: NamespaceRecord): NamespaceView {
  const { tenant, cluster, namespace, state, labels, life: own, sequence } = record;
  return {
    tenant,
    cluster,
    namespace,
    environment: record.environment,
    state,
    ...(labels ? { labels } : {}),
    life: own,
    entries: sequence,
    created_at: rfc3339(record.createdAt),
    changed_at: rfc3339(record.changedAt),
  };
}

export function presentNamespaceEntry({ at, isUnapproved, ...entry }: NamespaceEntry): NamespaceEntryView {
  return { ...entry, at: rfc3339(at), unapproved: isUnapproved ?? false };
}
