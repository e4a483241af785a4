import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCrashes } from '../../bench/crash.ts';
import { embeddedOnly } from '../harness.ts';

/** Where the attempts are made that a kill cuts off. */
const places = [
  ['', ''],
  [', also where a thread of its own sends', 'server: { delivery_thread: always }\n'],
] as const;

for (const [where, sections] of places) {
  test(
    `[BR-WH-007] [BR-REL-004] [BR-REL-011] [BR-REL-013] [KUB-013] killed again and again under load, the hub loses nothing it acknowledged, and repeats only what was half-sent at a kill${where}`,
    embeddedOnly('npm run chaos kills nodes that share servers'),
    async () => {
      const report = await runCrashes({
        kills: 3,
        seed: 7,
        seconds: 1,
        connections: 8,
        keysEach: 16,
        sections,
      });
      assert.deepEqual(report.lost, []);
      assert.deepEqual(report.wrong, []);
      assert.deepEqual(report.toldWrong, []);
      assert.equal(report.outOfOrder, 0);
      assert.ok(report.acknowledged > 100, `${report.acknowledged} signals were acknowledged`);
      assert.ok(
        report.repeated <= report.inFlightAtKills,
        `${report.repeated} repeated, ${report.inFlightAtKills} half-sent`,
      );
    },
  );
}
