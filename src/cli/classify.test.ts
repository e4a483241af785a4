import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCli, temporaryFolder } from './testing/run-cli.ts';

const CORPUS = fileURLToPath(new URL('../../test/corpus/namespaces/train-handwritten.csv', import.meta.url));

test('[BR-AP-021] classify shows environment, certainty and reason of each name, and breaches of naming standards', async (t) => {
  const folder = await temporaryFolder(t);
  const { code, stdout } = await runCli(['classify', 'shop-dev', 'shop', 'Shop'], { folder });
  assert.equal(code, 0);
  assert.match(stdout, /^shop-dev +development +certain +"dev" in the name says development$/m);
  assert.match(
    stdout,
    /^shop +production +unknown +counts as production because nothing says the environment$/m,
  );
  assert.match(stdout, /^Shop: the name is no DNS label \[kubernetes-name\]\./m);
});

test('classify takes labels and a cluster, and prints JSON for programs', async (t) => {
  const folder = await temporaryFolder(t);
  const args = [
    'classify',
    'shop',
    '--label',
    'env=qa',
    '--label',
    'tenant=acme',
    '--cluster',
    'prod-1',
    '--json',
  ];
  const { code, stdout } = await runCli(args, { folder });
  assert.equal(code, 0);
  const { items } = JSON.parse(stdout) as { items: Record<string, unknown>[] };
  assert.equal(items.length, 1);
  const { environment, certainty, is_production: isProduction, tenant, reasons } = items[0]!;
  assert.deepEqual(
    [environment, certainty, isProduction, tenant],
    ['production', 'contradictory', true, 'acme'],
  );
  assert.deepEqual(reasons, [
    { rule: 'testing', source: 'label', input: 'qa', says: 'testing', key: 'env', is_heard: true },
    { rule: 'production', source: 'cluster', input: 'prod', says: 'production', is_heard: true },
  ]);
});

test('[BR-QUAL-001] [BR-QUAL-012] classify tries rules on a list with expected answers and prints the figures', async (t) => {
  const folder = await temporaryFolder(t);
  const { code, stdout } = await runCli(['classify', '--expect', CORPUS], { folder });
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^accuracy +\d+\.\d\d % \(\d+ of \d+\)$/m);
  assert.match(stdout, /^production false negatives +0$/m);
  assert.match(stdout, /^production +\d+ +\d+\.\d\d % +100\.00 %$/m);
});

test('[BR-QUAL-002] classify fails with exit code 1 when production would be missed, and says which and why', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'names.csv'), 'name,environment\nshop-dev,production\nx-dev,development\n');
  await writeFile(
    join(folder, 'rules.yaml'),
    'rules:\n  - { id: idle, on: [name], words: [zzz], says: testing }\n',
  );
  const args = ['classify', '--rules', 'rules.yaml', '--expect', 'names.csv', '--min-accuracy', '0.1'];
  const text = await runCli(args, { folder });
  assert.equal(text.code, 1);
  assert.match(
    text.stdout,
    /line 2: shop-dev is production, classified as development: "dev" in the name says development/,
  );
  assert.match(text.stdout, /^Rules that never matched: idle, production, /m);
  const { stdout } = await runCli([...args, '--json'], { folder });
  const { accuracy, false_negatives: missed } = JSON.parse(stdout) as {
    accuracy: number;
    false_negatives: { namespace: string; line: number }[];
  };
  assert.equal(accuracy, 0.5);
  assert.deepEqual(
    missed.map(({ namespace, line }) => [namespace, line]),
    [['shop-dev', 2]],
  );
});

test('classify fails when the accuracy is below what is asked for', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'names.csv'), 'name,environment\nshop,staging\nx-dev,development\n');
  assert.equal((await runCli(['classify', '--expect', 'names.csv'], { folder })).code, 1);
  const enough = ['classify', '--expect', 'names.csv', '--min-accuracy', '0.5'];
  assert.equal((await runCli(enough, { folder })).code, 0);
});

test('[BR-AP-022] wrong rules and wrong tables are refused with file, line and column', async (t) => {
  const folder = await temporaryFolder(t);
  const rules = 'rules:\n  - id: a\n    on: [name]\n    pattern: "(?=x)"\n    says: prodution\n';
  await writeFile(join(folder, 'rules.yaml'), rules);
  await writeFile(join(folder, 'form.yaml'), 'rulez: []\n');
  await writeFile(join(folder, 'names.csv'), 'name,environment\nshop,prodution\n');
  const meaning = await runCli(['classify', '--rules', 'rules.yaml', 'x'], { folder });
  assert.equal(meaning.code, 2);
  assert.match(meaning.stderr, /^rules\.yaml:4:14: this is no regular expression of RE2/m);
  assert.match(meaning.stderr, /^rules\.yaml:5:11: there is no environment "prodution"/m);
  const form = await runCli(['classify', '--rules', 'form.yaml', 'x'], { folder });
  assert.match(form.stderr, /^form\.yaml:1:1: unknown key "rulez" \(did you mean "rules"\?\)/);
  const table = await runCli(['classify', '--expect', 'names.csv'], { folder });
  assert.equal(table.code, 2);
  assert.match(table.stderr, /^names\.csv:2:1: there is no environment "prodution"/);
  assert.equal((await runCli(['classify'], { folder })).code, 2);
  assert.equal((await runCli(['classify', '--rules', 'none.yaml', 'x'], { folder })).code, 2);
});

test('[BR-AP-022] classify shows the rule whose expression decided, and what failed; it refuses and warns with the place', async (t) => {
  const folder = await temporaryFolder(t);
  const write = (text: string) => writeFile(join(folder, 'rules.yaml'), text);
  await write(`rules:
  - { id: beta, when: 'labels.stage == "beta" && name.re("^shop-")', says: staging }
  - { id: tiers, when: 'has(labels.tier) && int(labels.tier) > 2', says: production }
  - id: never
    when: name == "a" && name == "b"
    says: testing
`);
  const args = ['classify', '--rules', 'rules.yaml', 'shop-cart', '--label', 'stage=beta'];
  const decided = await runCli(args, { folder });
  assert.equal(decided.code, 0, decided.stderr);
  assert.match(decided.stdout, /^shop-cart +staging +certain +the condition of the rule beta says staging$/m);
  assert.match(decided.stderr, /^warning: rules\.yaml:5:11: this rule can never match/m);

  const failed = await runCli([...args, '--label', 'tier=gold'], { folder });
  assert.match(failed.stdout, /^shop-cart +production +contradictory /m);
  assert.match(failed.stdout, /^shop-cart: the rule tiers was passed over\. The expression fails at `int/m);
  const { stdout } = await runCli([...args, '--label', 'tier=gold', '--json'], { folder });
  const { items } = JSON.parse(stdout) as { items: { troubles: { rule: string }[] }[] };
  assert.equal(items[0]!.troubles[0]!.rule, 'tiers');

  await write('rules:\n  - id: a\n    when: labels.team == 1\n    says: testing\n');
  const refused = await runCli(args, { folder });
  assert.equal(refused.code, 2);
  assert.match(
    refused.stderr,
    /rules\.yaml:3:11: this does not compile: .* at line 1, column 1 of the expression/,
  );
});
