import { Type } from '@signalbox/sdk';
import { DEFAULT_TEXT, oneOrMore, text } from './schema-fields.ts';
import { conditionFields } from './schema-rules.ts';

/** Which alerts are meant, where and when; shared by policies and procedures. */
export const circumstanceFields = {
  ...conditionFields,
  environments: Type.Optional(
    oneOrMore(text, {
      description: 'Only in these; an environment that nobody knows is `production`.',
      [DEFAULT_TEXT]: 'all',
      examples: [['production']],
    }),
  ),
  within: Type.Optional(text({ description: 'Only within these business hours.', examples: ['office'] })),
  outside: Type.Optional(text({ description: 'Only outside these business hours.', examples: ['office'] })),
};
