import { Type } from '@signalbox/sdk';
import { positiveDuration, section, text } from './schema-fields.ts';

export const scoring = section(
  {
    time_zone: text({
      description:
        'On whose clock it is night or weekend for the model: a name of the IANA time zone database.',
      default: 'UTC',
      examples: ['Europe/Berlin'],
    }),
    quick: positiveDuration({
      description:
        'An alert that ends within this time, and that nobody acknowledged, speaks against its like.',
      default: '5m',
    }),
  },
  {
    description:
      'Gives each alert a relevance from 0 to 1 that is learned from what becomes of alerts (docs/scoring.md). It changes nothing by itself: rules say what `facts.score.value` may do. Without this section nothing is scored; `scoring: {}` takes the defaults.',
  },
);

export const scoringSection = Type.Optional(scoring);
