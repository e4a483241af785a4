import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countBelow, toJson, toMarkdown, toText, type Report } from './report.ts';
import { judge, median } from './row.ts';

const REPORT: Report = {
  command: 'npm run bench',
  startedAt: '2026-01-15T10:00:00.000Z',
  seconds: 60,
  rounds: 3,
  machine: {
    cpu: 'Example',
    cores: 2,
    memoryMb: 8_000,
    kernel: 'Linux 6',
    fileSystem: 'ext4',
    fdatasyncMs: 0.2,
    loadBefore: 0,
  },
  versions: { 'Node.js': '26' },
  sections: [
    {
      id: 'ack',
      title: 'Acknowledged',
      rows: [
        { what: 'hub ÷ bare', value: 0.5, unit: 'ratio', must: { relation: '≥', value: 0.4 } },
        { what: 'memory', value: 410, unit: 'MB', must: { relation: '<', value: 400 } },
        { what: 'hub ÷ peer', value: undefined, unit: 'ratio', notes: ['not installed'] },
      ],
    },
  ],
};

test('a figure is below when its bound does not hold, and reaches the aim only beyond the bound', () => {
  const row = { what: 'x', unit: 'ms' } as const;
  const bounds = { must: { relation: '<', value: 500 }, aim: { relation: '<', value: 50 } } as const;
  assert.equal(judge({ ...row, ...bounds, value: 500 }), 'below');
  assert.equal(judge({ ...row, ...bounds, value: 499 }), 'ok');
  assert.equal(judge({ ...row, ...bounds, value: 49 }), 'ok, aim');
  assert.equal(judge({ ...row, value: 49 }), 'told');
  assert.equal(judge({ ...row, ...bounds, value: undefined }), 'not run');
});

test('a figure that could not be computed is below', () => {
  const must = { relation: '<', value: 500 } as const;
  assert.equal(judge({ what: 'x', unit: 'ms', value: Number.NaN, must }), 'below');
});

test('the report is the same in all forms', () => {
  assert.equal(countBelow(REPORT), 1);
  assert.match(toText(REPORT), /memory +410 MB +< 400 MB +below/);
  assert.match(toMarkdown(REPORT), /\| memory \| {2}\| 410 MB \| < 400 MB \| {2}\| below \|/);
  const json = JSON.parse(toJson(REPORT)) as { below: number; sections: { rows: { verdict: string }[] }[] };
  assert.equal(json.below, 1);
  assert.deepEqual(
    json.sections[0]!.rows.map(({ verdict }) => verdict),
    ['ok', 'below', 'not run'],
  );
});

test('the median of an even number is the middle of the two', () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([3, 1, 2]), 2);
});
