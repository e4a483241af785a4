import { Type } from '@signalbox/sdk';
import { ruleSet } from '../classification/rules.ts';
import { DEFAULT_TEXT, section, text } from './schema-fields.ts';

/** Labels that usually say whose something is. */
export const OWNER_LABELS: readonly string[] = ['team', 'owner'];

const labels = (description: string, names: readonly string[]) =>
  Type.Array(text({ description: 'The name of a label.' }), {
    description,
    default: [...names],
    maxItems: 20,
  });

const written = (what: string, example: string) =>
  Type.Optional(
    text({
      description: `The label that ${what} is written to, so that routes and rules can match it. It replaces what the sender said there.`,
      [DEFAULT_TEXT]: 'none is written',
      examples: [example],
    }),
  );

export const classification = section(
  {
    file: Type.Optional(
      text({
        description:
          'A rule set in a file of its own, relative to the file that says so; read again at a reload.',
        [DEFAULT_TEXT]: 'the built-in rules',
        examples: ['./namespaces.yaml'],
      }),
    ),
    rule_set: Type.Optional(ruleSet),
    namespace_labels: labels('Labels that hold the namespace; the first that an alert has counts.', [
      'namespace',
      'exported_namespace',
      'kubernetes_namespace',
    ]),
    cluster_labels: labels('Labels that hold the cluster.', ['cluster', 'kubernetes_cluster']),
    owner_labels: labels('Labels that say something of the owner, for rules on `owner`.', OWNER_LABELS),
    write_labels: section(
      {
        environment: written('the environment', 'environment'),
        tenant: written('the tenant of the rule set, where exactly one is named,', 'tenant'),
        business_unit: written('the business unit', 'business_unit'),
      },
      { description: 'What is written to labels of the alert.', default: {} },
    ),
  },
  {
    description:
      'Tells which environment each alert comes from; what is unknown or contradictory counts as production and says so. Without this section nothing is classified; `classification: {}` takes the built-in rules.',
  },
);
