import { Type, type Static } from '@signalbox/sdk';

export const config = Type.Object({
  file: Type.String({
    description:
      'The table: a CSV file with a header line, or JSON or YAML with a list of maps. A path that is not absolute counts from the working directory. At most 16 MiB and 200,000 rows.',
    minLength: 1,
    maxLength: 1_000,
    examples: ['/etc/signalbox/owners.csv'],
  }),
  format: Type.Enum(['auto', 'csv', 'json', 'yaml'], {
    description: '`auto` goes by the ending of the file.',
    default: 'auto',
    examples: ['csv'],
  }),
  match: Type.Record(
    Type.String({ minLength: 1 }),
    Type.String({ description: 'A label of the alert.', minLength: 1 }),
    {
      description:
        'Which row is an alert’s: columns with the label whose value must be the same. A cell `*` takes any value; of several rows one without `*` goes before those with it, then the first. An alert without one of the labels is not looked up.',
      minProperties: 1,
      maxProperties: 8,
      examples: [{ namespace: 'namespace', cluster: 'cluster' }],
    },
  ),
  fields: Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), {
      description: 'The columns that are taken over. Default: all that are not matched.',
      minItems: 1,
      examples: [['owner', 'cost_center']],
    }),
  ),
});

export type TableConfig = Static<typeof config>;
