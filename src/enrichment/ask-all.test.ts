import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '@signalbox/sdk';
import type { EnrichmentSettings } from '../model/settings.ts';
import { sampleAlert } from '../store/suite/samples.ts';
import { askAll } from './ask-all.ts';
import { BREAKER, createEnrichment } from './enrichment.ts';
import type { LookUp, Subject } from './look-up.ts';
import { createSlots } from './slots.ts';
import { createHeldClock, settled } from './testing/held-clock.ts';
import { countOutcomes, lookUpWith, QUIET, settingsOf, subjectOf } from './testing/subjects.ts';

const BUDGET_MS = 3_000;
const never = () => new Promise<never>(() => {});

/** Enrichments over these sources, and a way to enrich a batch and to look whether it ended. */
function build(
  sources: Readonly<Record<string, { readonly lookUp: LookUp; readonly more?: Partial<EnrichmentSettings> }>>,
  concurrency = 8,
) {
  const clock = createHeldClock();
  const metrics = countOutcomes();
  const enrichments = Object.entries(sources).map(([id, { lookUp, more }]) =>
    createEnrichment({
      settings: settingsOf(id, more),
      definition: id,
      lookUp,
      slots: createSlots(concurrency),
      clock,
      log: QUIET,
      metrics,
    }),
  );
  const enrich = async (...subjects: readonly Subject[]) => {
    const asking = askAll(subjects, { enrichments, budgetMs: BUDGET_MS, clock, metrics });
    await asking.over;
    return asking.enriched();
  };
  return { clock, metrics, enrich };
}

test('what sources know comes under their names, and what they do not know is said', async () => {
  const { enrich } = build({
    owners: { lookUp: lookUpWith((host) => ({ team: `team of ${host}` })), more: { as: 'owner' } },
    notes: { lookUp: lookUpWith(() => ({})) },
  });
  const [first, second] = await enrich(subjectOf('a'), subjectOf('b'));
  assert.deepEqual(first?.facts, { context: { owner: { team: 'team of a' } } });
  assert.deepEqual(second?.facts, { context: { owner: { team: 'team of b' } } });
  assert.deepEqual(first?.decisions, [
    { stage: 'enrich', rule: 'owners', outcome: 'found' },
    { stage: 'enrich', rule: 'notes', outcome: 'nothing is known' },
  ]);
});

test('without enrichments nothing is waited for and nothing said', async () => {
  const { enrich } = build({});
  assert.deepEqual(await enrich(subjectOf('a')), [{ facts: {}, decisions: [], asked: [] }]);
});

test('an answer is shared by alerts with the same key, and kept for its time', async () => {
  const lookUp = lookUpWith(() => ({ team: 'disk' }));
  const { enrich, clock, metrics } = build({ owners: { lookUp } });
  const both = await enrich(subjectOf('a'), subjectOf('a'));
  assert.deepEqual(both[0], both[1]);
  await clock.forward(299_999);
  await enrich(subjectOf('a'));
  assert.deepEqual(lookUp.asked, ['a']);
  await clock.forward(1);
  await enrich(subjectOf('a'));
  assert.deepEqual(lookUp.asked, ['a', 'a']);
  assert.deepEqual(metrics.counts, { 'owners found': 2, 'owners cached': 1 });
});

test('that nothing is known is believed for less long, and a failure for less long still', async () => {
  const empty = lookUpWith(() => ({}));
  const refusing = lookUpWith(() => {
    throw new Fault('SB_REJECTED', 'there is no such host');
  });
  const { enrich, clock } = build({ empty: { lookUp: empty }, refusing: { lookUp: refusing } });
  await enrich(subjectOf('a'));
  await clock.forward(9_999);
  await enrich(subjectOf('a'));
  assert.deepEqual([empty.asked.length, refusing.asked.length], [1, 1]);
  await clock.forward(1);
  const [again] = await enrich(subjectOf('a'));
  assert.deepEqual([empty.asked.length, refusing.asked.length], [1, 2]);
  assert.deepEqual(again?.facts, { missing: { refusing: 'there is no such host' } });
  await clock.forward(50_000);
  await enrich(subjectOf('a'));
  assert.equal(empty.asked.length, 2);
});

test('a clock that is set back makes kept answers worthless, and one that jumps ahead old', async () => {
  const lookUp = lookUpWith(() => ({ team: 'disk' }));
  const { enrich, clock } = build({ owners: { lookUp } });
  for (const jump of [-86_400_000, 86_400_000]) {
    await enrich(subjectOf('a'));
    clock.jump(jump);
  }
  await enrich(subjectOf('a'));
  assert.equal(lookUp.asked.length, 3);
});

test('a source that hangs costs its time once for each of the first failures, and then nothing, also while it is tried again', async () => {
  const hanging = lookUpWith(never);
  const { enrich, clock, metrics } = build({
    hanging: { lookUp: hanging },
    owners: { lookUp: lookUpWith(() => ({ team: 'disk' })) },
  });
  const enriching = enrich(...['a', 'b', 'c'].map((host) => subjectOf(host)));
  await settled();
  await clock.forward(2_000);
  const [first] = await enriching;
  assert.deepEqual(first?.facts, {
    context: { owners: { team: 'disk' } },
    missing: { hanging: 'it did not answer within 2000 ms' },
  });
  assert.deepEqual(first.decisions[0], {
    stage: 'enrich',
    rule: 'hanging',
    outcome: 'missing: it did not answer within 2000 ms',
  });

  // The breaker is open: the batch ends although no time passes.
  const [second] = await enrich(subjectOf('d'));
  assert.deepEqual(second?.facts.missing, { hanging: 'it failed lately and is left alone for a while' });
  assert.deepEqual(hanging.asked, ['a', 'b', 'c']);

  await clock.forward(BREAKER.cooldownMs);
  const [third] = await enrich(subjectOf('e'), subjectOf('f'));
  assert.deepEqual(third?.facts.missing, { hanging: 'it failed lately and is left alone for a while' });
  await settled();
  assert.deepEqual(hanging.asked, ['a', 'b', 'c', 'e'], 'one question tries it, beside the alerts');
  await enrich(subjectOf('e'));
  assert.equal(metrics.counts['hanging resting'], 4);
});

test('a source that is well again is noticed by the question that tries it', async () => {
  let isDown = true;
  const lookUp = lookUpWith(() => {
    if (isDown) throw new Fault('SB_UNAVAILABLE', 'down');
    return { team: 'disk' };
  });
  const { enrich, clock } = build({ owners: { lookUp } });
  await enrich(...['a', 'b', 'c'].map((host) => subjectOf(host)));
  isDown = false;
  await clock.forward(BREAKER.cooldownMs);
  await enrich(subjectOf('d'));
  await settled();
  const [d, e] = await enrich(subjectOf('d'), subjectOf('e'));
  assert.deepEqual(
    [d?.facts.context, e?.facts.context],
    [{ owners: { team: 'disk' } }, { owners: { team: 'disk' } }],
  );
});

test('[BR-PERF-008] after the budget alerts go on without what still stands in line, and the line is sent away', async () => {
  const lookUp = lookUpWith(never);
  const { enrich, clock } = build({ slow: { lookUp, more: { timeoutMs: 5_000 } } }, 1);
  const enriching = enrich(subjectOf('a'), subjectOf('b'));
  await settled();
  await clock.forward(BUDGET_MS);
  const results = await enriching;
  assert.deepEqual(
    results.map(({ facts }) => Object.keys(facts.missing ?? {})),
    [['slow'], ['slow']],
  );
  await clock.forward(10_000);
  assert.deepEqual(lookUp.asked, ['a']);
});

test('no more questions run at once than the integration takes', async () => {
  let running = 0;
  let most = 0;
  const lookUp = lookUpWith(async () => {
    most = Math.max(most, ++running);
    await settled();
    running -= 1;
    return {};
  });
  const { enrich } = build({ owners: { lookUp } }, 3);
  await enrich(...Array.from({ length: 20 }, (_, index) => subjectOf(String(index))));
  assert.deepEqual([most, lookUp.asked.length], [3, 20]);
});

test('whatever a source returns or throws, the alert goes on and says what is wrong with it', async () => {
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  const garbage: Readonly<Record<string, () => unknown>> = {
    text: () => 'text',
    list: () => [],
    nothing: () => undefined,
    cyclic: () => cyclic,
    bigint: () => ({ count: 1n }),
    long: () => ({ text: 'x'.repeat(20_000) }),
    deep: () => JSON.parse('{"a":'.repeat(20) + '1' + '}'.repeat(20)) as unknown,
    liar: () => ({ toJSON: () => 'text' }),
    thrown: () => {
      throw new TypeError('undefined is no function');
    },
  };
  for (const [name, make] of Object.entries(garbage)) {
    const { enrich } = build({ owners: { lookUp: lookUpWith(make) } });
    const [enriched] = await enrich(subjectOf('a'));
    assert.equal(enriched?.facts.context, undefined, name);
    assert.equal(typeof enriched?.facts.missing?.['owners'], 'string', name);
  }
});

test('what a source changes after it answered changes nothing', async () => {
  const answer = { team: 'disk' };
  const { enrich } = build({ owners: { lookUp: lookUpWith(() => answer) } });
  await enrich(subjectOf('a'));
  answer.team = 'changed';
  const [enriched] = await enrich(subjectOf('a'));
  assert.deepEqual(enriched?.facts.context, { owners: { team: 'disk' } });
});

test('a key that throws or is no text costs its enrichment, not the alert', async () => {
  const lookUps: readonly LookUp[] = [
    {
      cacheKey() {
        throw new TypeError('no key');
      },
      enrich: never,
    },
    { cacheKey: () => 'k'.repeat(1_025), enrich: never },
    { cacheKey: () => 7 as unknown as string, enrich: never },
  ];
  for (const lookUp of lookUps) {
    const { enrich } = build({ owners: { lookUp } });
    const [enriched] = await enrich(subjectOf('a'));
    assert.equal(typeof enriched?.facts.missing?.['owners'], 'string');
  }
});

test('what was found earlier in the episode stays while its source fails, and is named as missing', async () => {
  const lookUp = lookUpWith(() => {
    throw new Fault('SB_UNAVAILABLE', 'down');
  });
  const { enrich } = build({ owners: { lookUp, more: { as: 'owner' } } });
  const known = (status: 'firing' | 'resolved') =>
    sampleAlert('f', { status, facts: { context: { owner: { team: 'disk' } } } });
  const [same, next] = await enrich(
    { ...subjectOf('a'), before: known('firing') },
    { ...subjectOf('b'), before: known('resolved') },
  );
  assert.deepEqual(same?.facts, { context: { owner: { team: 'disk' } }, missing: { owners: 'down' } });
  assert.deepEqual(next?.facts, { missing: { owners: 'down' } });
});

test('an enrichment is for the alerts that its matchers and its condition take, and a condition that fails is named', async () => {
  const lookUp = lookUpWith(() => ({ team: 'disk' }));
  const { enrich } = build({
    owners: {
      lookUp,
      more: {
        matchers: [{ name: 'host', op: '=~', value: 'db-.*' }],
        when: 'int(alert.labels.tier) == 1 && alert.severity == "critical" && integration == "prom"',
      },
    },
  });
  const results = await enrich(
    subjectOf('db-1', { tier: '1' }),
    subjectOf('db-2', { tier: '2' }),
    subjectOf('web-1', { tier: '1' }),
    subjectOf('db-3', { tier: 'one' }),
  );
  assert.deepEqual(
    results.map(({ facts }) => Object.keys(facts)),
    [['context'], [], [], ['missing']],
  );
  assert.match(results[3]?.facts.missing?.['owners'] ?? '', /fails at/);
  assert.deepEqual(lookUp.asked, ['db-1']);
});

test('answers that are too much together are left out, the later ones first', async () => {
  const large = { lookUp: lookUpWith(() => ({ text: 'x'.repeat(16_000) })) };
  const { enrich } = build({ a: large, b: large, c: large, d: large, e: large });
  const [enriched] = await enrich(subjectOf('a'));
  assert.deepEqual(Object.keys(enriched?.facts.context ?? {}), ['a', 'b', 'c', 'd']);
  assert.match(enriched?.facts.missing?.['e'] ?? '', /longer than 65536 bytes/);
});
