import { compilePriority } from '../priority/compile.ts';
import { evaluatePriorities, type PriorityEvaluation } from '../priority/evaluate.ts';
import { parsePriorityCases, type ExpectedPriority } from '../priority/parse-cases.ts';
import type { Finding } from '../settings/finding.ts';
import { defineCommand } from './command.ts';
import { CommandError } from './command-error.ts';
import { CONFIG_FLAGS, JSON_FLAG } from './flags.ts';
import { percent, readRatio } from './ratio.ts';
import { readSettings } from './read-settings.ts';
import { readText, refuse } from './read-text.ts';
import { renderFields, renderTable } from './table.ts';
import { printJson, type Terminal } from './terminal.ts';

/** What the requirements ask of policies (BR-QUAL-004). */
const MIN_AGREEMENT = '0.98';
/** More would hide the figures; `--json` has them all. */
const SHOWN_MISSES = 20;

export default defineCommand({
  description: [
    'Tries the policies and the incident response procedures of the configuration (`priority.policies`, `priority.procedures`) on alerts whose answers are known, such as those of a service level agreement, and prints how many agree, every answer that does not with what set it, and the policies, criteria and cells that were never used. Nobody is contacted and no hub has to run.',
    'The file has comma-separated columns: `labels` (`key=value;key=value`) and `at` (RFC 3339), and as wanted `environment` (empty: nobody knows), `priority`, `criticality`, `slo`, `cost_center`, `business_unit`, `compliance` and `level`; `-` means that nothing is right, and an empty cell is not asked.',
    'Exit code 1 when fewer alerts agree than `--min-agreement`, 2 when the configuration or the file is wrong.',
  ],
  positionals: [
    { name: 'FILE', description: 'Alerts with the answers that are right; `-` is standard input' },
  ],
  flags: {
    'min-agreement': {
      type: 'string',
      description: `The least share of alerts with all answers right, from 0 to 1; default ${MIN_AGREEMENT}`,
      hint: 'RATIO',
    },
    ...CONFIG_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox priorities sla.csv', what: 'do my policies keep what was agreed?' },
    {
      line: 'signalbox priorities scenarios.csv --min-agreement 1',
      what: 'do levels follow the procedures?',
    },
  ],
  async run({ flags, positionals, terminal }) {
    const least = readRatio('--min-agreement', flags['min-agreement'] ?? MIN_AGREEMENT);
    const { settings } = await readSettings(flags);
    if (!settings.priority)
      throw new CommandError(
        'usage',
        'the configuration has no policies; write some under priority.policies or priority.procedures',
      );
    const evaluation = evaluatePriorities(compilePriority(settings.priority), readCases(positionals[0]!));
    if (flags.json) printJson(terminal, present(evaluation));
    else terminal.print(describe(evaluation, terminal));
    return evaluation.agreement < least ? 1 : 0;
  },
});

function readCases(file: string): readonly ExpectedPriority[] {
  const { cases, problems } = parsePriorityCases(readText(file));
  refuse(problems.map((problem): Finding => ({ ...problem, code: 'bad_case', file, path: '' })));
  return cases;
}

function describe(evaluation: PriorityEvaluation, terminal: Terminal): string {
  const { total, agreeing, agreement, answers, misses, unusedPolicies, unusedRules, troubles } = evaluation;
  const shown = misses.slice(0, SHOWN_MISSES).map(({ line, answer, expected, actual, policy }) => {
    const who = policy === undefined ? 'by no policy' : `by ${policy}`;
    return `  line ${line}: ${answer} is ${expected}, set to ${actual} ${who}`;
  });
  const more = misses.length > SHOWN_MISSES ? [`  and ${misses.length - SHOWN_MISSES} more`] : [];
  return [
    renderFields(
      [
        ['alerts', String(total)],
        ['agreement', `${percent(agreement)} (${agreeing} of ${total})`],
      ],
      terminal,
    ),
    renderTable(
      [{ title: 'answer' }, { title: 'asked', align: 'right' }, { title: 'agreement', align: 'right' }],
      answers.map(({ answer, asked, correct }) => [answer, String(asked), percent(correct / asked)]),
      terminal,
    ),
    misses.length === 0
      ? ''
      : [terminal.paint('bold', 'Other answers than expected'), ...shown, ...more].join('\n'),
    ...troubles
      .slice(0, SHOWN_MISSES)
      .map(({ line, policy, problem }) => `line ${line}: ${policy}: ${problem}`),
    unusedPolicies.length === 0 ? '' : `Policies that set nothing: ${unusedPolicies.join(', ')}`,
    unusedRules.length === 0 ? '' : `Criteria and cells that gave no level: ${unusedRules.join(', ')}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function present({ unusedPolicies, unusedRules, ...evaluation }: PriorityEvaluation): object {
  return { ...evaluation, unused_policies: unusedPolicies, unused_rules: unusedRules };
}
