import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import alertmanager from '../../connectors/alertmanager/index.ts';
import webhook from '../../connectors/webhook/index.ts';
import { loadSettings } from '../settings/load.ts';
import { compilePriority } from './compile.ts';
import { evaluatePriorities } from './evaluate.ts';
import { parsePriorityCases } from './parse-cases.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/business-priority.yaml', import.meta.url));

async function compileExample(): Promise<ReturnType<typeof compilePriority>> {
  const env = { PROM_TOKEN: 'token' };
  const loaded = await loadSettings({ files: [EXAMPLE], env, connectors: [alertmanager, webhook] });
  assert.ok(loaded.ok && loaded.settings.priority);
  return compilePriority(loaded.settings.priority);
}

for (const half of ['train', 'holdout']) {
  test(`[BR-QUAL-004] [KUB-005] the policies of the example agree with the ${half} half of the agreement in more than 98 % of all alerts`, async (t) => {
    const text = readFileSync(new URL(`../../test/corpus/priorities/${half}.csv`, import.meta.url), 'utf8');
    const { cases, problems } = parsePriorityCases(text);
    assert.deepEqual(problems, []);
    assert.ok(cases.length > 50, String(cases.length));
    const { agreement, agreeing, total, misses, troubles } = evaluatePriorities(
      await compileExample(),
      cases,
    );
    t.diagnostic(`${half}: ${agreeing} of ${total} alerts agree (${(agreement * 100).toFixed(2)} %)`);
    assert.ok(agreement > 0.98, JSON.stringify(misses));
    assert.deepEqual(troubles, []);
  });
}
