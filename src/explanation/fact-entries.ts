import { durationText } from '@signalbox/sdk';
import type { Facts } from '../model/prepared.ts';
import type { ChainEntry, ChainStage } from './explanation.ts';
import { isTime, saidText } from './words.ts';

const MOST_FEATURES = 5;

/** What a stage of `prepare` found out, as it is kept with the alert. */
export function factEntries(facts: Facts | undefined, stage: ChainStage): readonly ChainEntry[] {
  if (!facts) return [];
  switch (stage) {
    case 'classify':
      return classified(facts);
    case 'enrich':
      return enriched(facts);
    case 'prioritise':
      return [
        ...(facts.reasons ?? []).map(({ field, value, policy, position }) => ({
          text: `${field} ${saidText(value)}, policy ${position}`,
          rule: policy,
        })),
        ...assessed(facts),
      ];
    case 'score':
      return scored(facts);
    case 'analyse':
      return analysed(facts);
    default:
      return [];
  }
}

function classified({ environment, certainty, isProduction, findings = [] }: Facts): readonly ChainEntry[] {
  const entries: ChainEntry[] = [];
  if (environment !== undefined) {
    const counts = isProduction && environment !== 'production' ? ', counts as production' : '';
    entries.push({ text: `${environment}${certainty === undefined ? '' : ` (${certainty})`}${counts}` });
  }
  for (const { standard, message } of findings)
    entries.push({ text: saidText(message), rule: standard, tone: 'bad' });
  return entries;
}

/** Which level, by what, and what the procedures ask for. */
function assessed({ assessment }: Facts): readonly ChainEntry[] {
  if (!assessment) return [];
  const { level, title, rule, definedAt, source, since, steps = [] } = assessment;
  const { acknowledgeWithinMs, updateEveryMs, lead, runbookUrl } = assessment;
  const asked = [
    ...(acknowledgeWithinMs === undefined ? [] : [`acknowledge within ${durationText(acknowledgeWithinMs)}`]),
    ...(updateEveryMs === undefined ? [] : [`update every ${durationText(updateEveryMs)}`]),
    ...(lead === undefined ? [] : [`led by ${saidText(lead)}`]),
    ...(runbookUrl === undefined ? [] : [`runbook ${runbookUrl}`]),
  ];
  const where = source === undefined ? definedAt : `${saidText(source)}, ${definedAt}`;
  return [
    {
      text: `level ${level}${title === undefined ? '' : ` “${saidText(title)}”`} (${where})`,
      rule,
      ...(isTime(since) ? { at: since } : {}),
    },
    ...(asked.length === 0 ? [] : [{ text: asked.join('; '), rule: level }]),
    ...steps.map((step, index) => ({ text: `step ${index + 1}: ${saidText(step)}`, rule: level })),
  ];
}

function enriched({ context = {}, missing = {} }: Facts): readonly ChainEntry[] {
  return [
    ...Object.keys(context).map((rule): ChainEntry => ({ text: 'found', rule })),
    ...Object.entries(missing).map(
      ([rule, why]): ChainEntry => ({ text: `missing: ${saidText(why)}`, rule, tone: 'bad' }),
    ),
  ];
}

/** What is shown as a machine's word, so that nobody takes it for the hub's. */
function analysed({ analysis }: Facts): readonly ChainEntry[] {
  if (!analysis) return [];
  const { summary, probableCause, by, at, score } = analysis;
  const said = (text: string): ChainEntry => ({
    text,
    ...(by === undefined ? {} : { rule: by }),
    ...(at === undefined ? {} : { at }),
  });
  return [
    ...(summary === undefined ? [] : [said(`a machine says: ${saidText(summary)}`)]),
    ...(probableCause === undefined ? [] : [said(`a machine suspects: ${saidText(probableCause)}`)]),
    ...(score === undefined
      ? []
      : [
          {
            text: `relevance ${score.value.toFixed(2)} by another system: ${saidText(score.why)}`,
            rule: score.by,
            at: score.at,
          },
        ]),
  ];
}

function scored({ score }: Facts): readonly ChainEntry[] {
  if (!score) return [];
  const why = score.why
    .slice(0, MOST_FEATURES)
    .map(({ feature, weight }) => `${feature} ${weight > 0 ? '+' : ''}${weight.toFixed(2)}`);
  return [{ text: `relevance ${score.value.toFixed(2)}${why.length === 0 ? '' : `: ${why.join(', ')}`}` }];
}
