// `node test/corpus/namespaces/measure.ts`: how fast namespaces are classified, each one anew, without any cache. Figures of one thread.
import { readFileSync } from 'node:fs';
import { classify } from '../../../src/classification/classify.ts';
import { compileClassification } from '../../../src/classification/compile.ts';
import { parseCases } from '../../../src/classification/parse-cases.ts';
import { DEFAULT_RULE_SET, type RuleSet } from '../../../src/classification/rules.ts';

const FILES = ['train-handwritten', 'train-composed', 'holdout-handwritten', 'holdout-composed'];
const RUNS = 300_000;
const WARM_UP = 30_000;

const facts = FILES.flatMap((file) =>
  parseCases(readFileSync(new URL(`${file}.csv`, import.meta.url), 'utf8')).cases.map((one) => one.facts),
);

/** As large as a big organization's: a hundred rules with patterns, fifty tenants, ten standards, beside the built-in ones. */
const LARGE: RuleSet = {
  ...DEFAULT_RULE_SET,
  rules: Array.from({ length: 100 }, (_, index) => ({
    id: `team-${index}`,
    on: ['name' as const],
    pattern: `^team${index}-(?:[a-z]+-)*(?:d|dv)[0-9]?$`,
    says: 'development',
  })),
  tenants: Array.from({ length: 50 }, (_, index) => ({
    id: `tenant-${index}`,
    on: ['name' as const, 'label' as const],
    keys: ['team'],
    words: [`team${index}`],
    tenant: `tenant-${index}`,
  })),
  standards: Array.from({ length: 10 }, (_, index) => ({
    id: `standard-${index}`,
    pattern: `[a-z0-9]+(?:-[a-z0-9]+){1,${index + 2}}`,
    max_length: 50,
  })),
};

for (const [name, ruleSet] of [
  ['built-in rules', DEFAULT_RULE_SET],
  ['160 rules more', LARGE],
] as const) {
  const compiled = compileClassification(ruleSet);
  for (let run = 0; run < WARM_UP; run += 1) classify(compiled, facts[run % facts.length]!);
  const microseconds = new Float64Array(RUNS);
  for (let run = 0; run < RUNS; run += 1) {
    const started = process.hrtime.bigint();
    classify(compiled, facts[run % facts.length]!);
    microseconds[run] = Number(process.hrtime.bigint() - started) / 1_000;
  }
  const perMinute = Math.round((RUNS / microseconds.reduce((sum, one) => sum + one, 0)) * 60e6);
  microseconds.sort();
  const quantile = (share: number): string => microseconds[Math.floor(RUNS * share)]!.toFixed(1);
  process.stdout.write(
    `${name}: ${perMinute.toLocaleString('en')} a minute; p50 ${quantile(0.5)} µs, p99 ${quantile(0.99)} µs, p99.9 ${quantile(0.999)} µs\n`,
  );
}
