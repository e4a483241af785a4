import { Type, type Static } from '@signalbox/sdk';

export const config = Type.Object(
  {
    format: Type.Enum(['auto', 'pretty', 'json'], {
      description:
        '`pretty` for people, `json` for one JSON object per line, `auto` for pretty on a terminal and JSON lines otherwise.',
      default: 'auto',
      examples: ['json'],
    }),
    color: Type.Enum(['auto', 'always', 'never'], {
      description:
        'Colours in pretty output. `auto` uses them on a terminal unless `NO_COLOR` is set or `TERM` is `dumb`.',
      default: 'auto',
      examples: ['never'],
    }),
  },
  { additionalProperties: false },
);

export type ConsoleConfig = Static<typeof config>;
