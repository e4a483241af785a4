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

const EXAMPLE = fileURLToPath(new URL('../../examples/incident-procedures.yaml', import.meta.url));

for (const half of ['train', 'holdout']) {
  test(`[BR-QUAL-008] the example gives every scenario of the ${half} half the level of the written procedure`, async (t) => {
    const text = readFileSync(new URL(`../../test/corpus/procedures/${half}.csv`, import.meta.url), 'utf8');
    const { cases, problems } = parsePriorityCases(text);
    assert.deepEqual(problems, []);
    assert.ok(cases.length > 40, String(cases.length));
    const env = { PROM_TOKEN: 'token' };
    const loaded = await loadSettings({ files: [EXAMPLE], env, connectors: [alertmanager, webhook] });
    assert.ok(loaded.ok && loaded.settings.priority);
    const found = evaluatePriorities(compilePriority(loaded.settings.priority), cases);
    t.diagnostic(
      `${half}: ${found.agreeing} of ${found.total} levels agree (${(found.agreement * 100).toFixed(2)} %)`,
    );
    assert.deepEqual([found.misses, found.troubles], [[], []]);
  });
}
