import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SilenceVersion } from '../model/silence.ts';
import { sampleSilence, T0 } from '../store/suite/samples.ts';
import { readSilenceHistory, unfold } from './silence-history.ts';

const RANGE = { from: T0, to: T0 + 100 };
let seq = 0;

function version(
  id: string,
  more: Partial<SilenceVersion> & { readonly endsAt?: number } = {},
): SilenceVersion {
  const { endsAt = T0 + 500, ...own } = more;
  seq += 1;
  return {
    silence: sampleSilence(id, { endsAt }),
    seq,
    at: T0 - 10,
    until: endsAt,
    isConfigured: false,
    ...own,
  };
}

const found = (versions: readonly SilenceVersion[], candidate: readonly string[] = []) => {
  const { atStart, changes } = unfold(
    versions,
    RANGE,
    candidate.map((id) => ({ id })),
  );
  return {
    atStart: atStart.map(({ id, endsAt }) => [id, endsAt - T0]),
    changes: changes.map(({ at, silence }) => [at - T0, silence.id, silence.endsAt - T0]),
  };
};

test('of what stood when the range began the last word counts, and what comes later comes at its time', () => {
  const versions = [
    version('a', { at: T0 - 20, endsAt: T0 + 900 }),
    version('a', { at: T0 - 10, endsAt: T0 + 50 }),
    version('over', { endsAt: T0 }),
    version('b', { at: T0 + 30 }),
    version('a', { at: T0 + 20, endsAt: T0 + 20 }),
    version('late', { at: T0 + 100 }),
  ];
  assert.deepEqual(found(versions), {
    atStart: [['a', 50]],
    changes: [
      [20, 'a', 20],
      [30, 'b', 500],
    ],
  });
});

test('a window of the configuration is the candidate’s, unless it was over or taken away then and the candidate does not name it', () => {
  const standing = version('standing', { isConfigured: true });
  const over = version('over', { isConfigured: true, endsAt: T0 + 60 });
  const gone = version('gone', { isConfigured: true, until: T0 + 40 });
  assert.deepEqual(found([standing, over, gone]), {
    atStart: [
      ['over', 60],
      ['gone', 500],
    ],
    changes: [[40, 'gone', 40]],
  });
  assert.deepEqual(found([standing, over, gone], ['over', 'gone']), { atStart: [], changes: [] });
});

test('all pages are read, up to a bound that is said', async () => {
  const all = Array.from({ length: 1_200 }, (_, index) => version(`s${index}`, { seq: index + 1 }));
  const readerOf = (versions: readonly SilenceVersion[], isEndless = false) => ({
    silenceVersions: async ({ after, limit }: { readonly after: number; readonly limit: number }) =>
      isEndless ? versions.slice(0, limit) : versions.slice(after, after + limit),
  });
  const whole = await readSilenceHistory(readerOf(all), RANGE, []);
  assert.deepEqual([whole.atStart.length, whole.isCut], [1_200, false]);
  assert.equal((await readSilenceHistory(readerOf(all, true), RANGE, [])).isCut, true);
});
