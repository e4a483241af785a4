import { Type } from '@signalbox/sdk';
import { positiveDuration, section, text } from './schema-fields.ts';

const MAX_ALIASES = 10_000;

export const directory = section(
  {
    integration: Type.Optional(
      text({
        description: 'The integration whose connector is a directory. Without it there are only the aliases.',
        examples: ['people'],
      }),
    ),
    refresh: positiveDuration({
      description: 'How often it is read, in the background.',
      default: '1h',
      examples: ['6h'],
    }),
    aliases: Type.Record(
      Type.String({ minLength: 1, maxLength: 253 }),
      text({ description: 'The present name.' }),
      {
        description:
          'What was renamed: the present name by the former one. Rules that name the former go on to hold for the present, and the other way round, and they are reported as to be changed.',
        maxProperties: MAX_ALIASES,
        default: {},
        examples: [{ payments: 'commerce-payments' }],
      },
    ),
  },
  {
    description:
      'Where the organization keeps who and what there is, so that the names in the configuration can be compared with it (docs/directory.md).',
  },
);
