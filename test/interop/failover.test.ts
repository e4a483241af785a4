import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCluster } from '../chaos/cluster.ts';
import { killNode } from '../chaos/faults/kill-node.ts';
import { breachesOf } from '../chaos/report.ts';
import { runFault } from '../chaos/run-fault.ts';

test('[BR-WH-007] [BR-REL-002] [BR-REL-013] kill -9 of one of three nodes under load loses nothing that was acknowledged, keeps the order of each key, and repeats only what was in flight', async (t) => {
  const cluster = await startCluster((line) => t.diagnostic(line));
  if ('missing' in cluster) return t.skip(cluster.missing);
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => cluster.stop());
  const report = await runFault(cluster, killNode, {
    seconds: 15,
    seed: 3,
    say: (line) => t.diagnostic(line),
  });
  assert.deepEqual(breachesOf(report), []);
  assert.ok(report.acknowledged > 100, `${report.acknowledged} signals were acknowledged`);
  assert.ok(report.repeated <= report.inFlight, `${report.repeated} repeated, ${report.inFlight} in flight`);
  t.diagnostic(`told in time again ${report.recovery.fromFaultMs} ms after the kill`);
});
