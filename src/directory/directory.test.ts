import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DirectoryEntry, DirectoryPage } from '@signalbox/sdk';
import type { NamedPlace, NameKind } from '../model/directory-settings.ts';
import { checkNames } from './check-names.ts';
import { indexDirectory } from './index-directory.ts';
import { readDirectory } from './read-directory.ts';

const ENTRIES: readonly DirectoryEntry[] = [
  { id: 't1', kind: 'team', name: 'Commerce-Payments', formerNames: ['payments'], isActive: true },
  { id: 't2', kind: 'team', name: 'legacy', isActive: false },
  { id: 't3', kind: 'team', name: 'payments', isActive: false },
  { id: 'p1', kind: 'person', name: 'kim', aliases: ['kim@example.org'], isActive: true },
];

const place = (kind: NameKind, name: string): NamedPlace => ({
  kind,
  name,
  path: 'x',
  file: 'signalbox.yaml',
  line: 1,
  column: 1,
});
const verdictOf = (kind: NameKind, name: string, aliases = {}) => {
  const [finding] = checkNames([place(kind, name)], indexDirectory(ENTRIES), aliases).findings;
  return finding && [finding.verdict, finding.to];
};

test('a name is found by id, present name and alias, without regard to case', () => {
  for (const name of ['commerce-payments', 't1', ' COMMERCE-PAYMENTS'])
    assert.equal(verdictOf('team', name), undefined, name);
  assert.equal(verdictOf('person', 'Kim@Example.org'), undefined);
  assert.equal(verdictOf('owner', 'kim'), undefined);
  assert.deepEqual(verdictOf('team', 'kim'), ['unknown', undefined], 'a person is no team');
});

test('what was renamed has its present name, even where something inactive still has the old one', () => {
  assert.deepEqual(verdictOf('team', 'payments'), ['renamed', 'Commerce-Payments']);
  assert.deepEqual(verdictOf('team', 'legacy'), ['inactive', undefined]);
  assert.deepEqual(verdictOf('team', 'old', { old: 'commerce-payments' }), ['renamed', 'Commerce-Payments']);
  assert.deepEqual(verdictOf('team', 'old', { old: 'nobody' }), ['unknown', undefined]);
});

test('of what the directory does not list at all nothing is said', () => {
  const check = checkNames([place('cost_center', '4711'), place('team', 't1')], indexDirectory(ENTRIES), {});
  assert.deepEqual([check.findings, check.checked, check.notListed], [[], 1, ['cost_center']]);
});

test('a directory is read whole or not at all', async () => {
  const pages: Record<string, DirectoryPage> = {
    first: { entries: ENTRIES.slice(0, 2), next: 'second' },
    second: { entries: ENTRIES.slice(2) },
  };
  const read = (next: Record<string, DirectoryPage>) =>
    readDirectory(
      { id: 'people', list: (cursor = 'first') => Promise.resolve(next[cursor]!) },
      AbortSignal.timeout(1_000),
    );
  assert.equal((await read(pages)).length, 4);
  const circle = { ...pages, second: { entries: [], next: 'second' } };
  await assert.rejects(read(circle), { code: 'SB_UNAVAILABLE', message: /same page again/ });
  const broken = { ...pages, second: { entries: [{ id: 'x' } as unknown as DirectoryEntry] } };
  await assert.rejects(read(broken), { code: 'SB_UNAVAILABLE' });
});
