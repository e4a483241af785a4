import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALERT_EVENT } from '@signalbox/sdk';
import fc from 'fast-check';
import { openScratchStore } from '../drivers.ts';
import type { Answer } from '../enrichment/look-up.ts';
import { definitionOf } from '../enrichment/question.ts';
import { recordAnswers } from '../enrichment/record-answers.ts';
import { loadConnectors } from '../host/load-connectors.ts';
import type { JournalRecord } from '../journal/port.ts';
import type { RecordBody } from '../model/record.ts';
import type { Settings } from '../model/settings.ts';
import { loadSettings } from '../settings/load.ts';
import { backTest, type BackTestInput } from './back-test.ts';
import { presentBackTest } from './present-back-test.ts';
import { readRange } from './read-range.ts';

const T0 = Date.UTC(2026, 2, 1, 10);
const PARTITIONS = 2;
const connectors = await loadConnectors({ external: [] });

async function settingsOf(groupWait: number, routes: string, enrichment = ''): Promise<Settings> {
  const text = `
integrations:
  prom: { connector: alertmanager, resolve_after: 10m, dedupe_window: 0s }
  pager: { connector: webhook, config: { url: "http://127.0.0.1:9/" } }
  owners: { connector: table, config: { file: owners.csv, match: { name: name } } }
receivers:
  ops: [{ integration: pager }]
  team: [{ integration: pager }]
${enrichment}
inhibit_rules:
  - { source_matchers: 'name="A"', target_matchers: 'name="B"' }
correlation: { rules: [{ id: all, same: [] }] }
storm: { per_minute: 20 }
routes: { receiver: ops, group_by: [name], group_wait: ${groupWait}s, group_interval: 30s, repeat_interval: 5m${routes} }
`;
  const loaded = await loadSettings({
    files: [],
    text: { name: 'candidate', text },
    env: {},
    connectors: [...connectors.connectors.values()],
  });
  assert.ok(loaded.ok, JSON.stringify(!loaded.ok && loaded.errors));
  return loaded.settings;
}

interface Said {
  readonly after: number;
  readonly name: string;
  readonly fires: boolean;
}

function recordsOf(said: readonly Said[]): readonly JournalRecord[] {
  const offsets = [100, 200];
  let at = T0;
  return said.map(({ after, name, fires }, index) => {
    at += after;
    const partition = name === 'A' ? 0 : 1;
    const meta = {
      signal: `s${index}`,
      integration: 'prom',
      tenant: 'default',
      receivedAt: new Date(at).toISOString(),
      hash: `h${index}`,
      requestId: 'q',
      parts: 1,
      part: 0,
    };
    const status = fires ? ('firing' as const) : ('resolved' as const);
    const data = { status, labels: { name, alertname: name, severity: 'warning' }, annotations: {} };
    const event = { specversion: '1.0' as const, id: `e${index}`, source: '/', type: ALERT_EVENT, data };
    const body: RecordBody = { v: 1, kind: 'events', meta, events: [event] };
    return { partition, offset: offsets[partition]!++, key: name, at, value: JSON.stringify(body) };
  });
}

function journalOf(records: readonly JournalRecord[]) {
  const of = (partition: number) => records.filter((record) => record.partition === partition);
  return {
    partitions: PARTITIONS,
    offsetAt: async (partition: number, at: number) =>
      of(partition).find((record) => record.at >= at)?.offset ?? Infinity,
    read: async (partition: number, offset: number, limit: number) =>
      of(partition)
        .filter((record) => record.offset >= offset)
        .slice(0, Math.min(limit, 3)),
  };
}

const nobodyTold = {
  notifications: async () => ({ items: [] }),
  silenceVersions: async () => [],
  prepared: async () => [],
  answers: async () => [],
  model: async () => undefined,
};

/** What enrichment said of each record, by its name. */
function ownedBy(
  settings: Settings,
  records: readonly JournalRecord[],
  teams: Readonly<Record<string, string>>,
) {
  const connectorOf = (id: string) => connectors.connectors.get(settings.integrations[id]!.connector);
  const definition = definitionOf(settings.enrichment[0]!, settings.integrations, connectorOf);
  const written = records.map(({ key, partition, offset }) => {
    const team = teams[key];
    const answer: Answer = { kind: 'found', value: { team }, bytes: 12 };
    const asked = team === undefined ? [] : [{ definition, key: JSON.stringify([key]), answer }];
    const { recorded, answers } = recordAnswers(asked);
    const what = JSON.stringify(recorded);
    return { row: { partition, from: offset, until: offset + 1, now: T0, what }, answers };
  });
  return {
    ...nobodyTold,
    prepared: async (partition: number, offset: number, limit: number) =>
      written
        .map(({ row }) => row)
        .filter((row) => row.partition === partition && row.until > offset)
        .slice(0, limit),
    answers: async (digests: readonly string[]) =>
      written.flatMap(({ answers }) => answers).filter(({ digest }) => digests.includes(digest)),
  };
}

async function run(
  settings: Settings,
  records: readonly JournalRecord[],
  reader: BackTestInput['reader'] = nobodyTold,
): Promise<string> {
  const store = await openScratchStore(() => T0);
  try {
    const found = await backTest({
      settings,
      connectors: connectors.connectors,
      store,
      journal: journalOf(records),
      reader,
      from: T0,
      to: T0 + 3_600_000,
      warmUpMs: 0,
      toleranceMs: 1_000,
      maxRecords: 1_000,
      maxDifferences: 100,
    });
    return JSON.stringify(presentBackTest(found));
  } finally {
    await store.close();
  }
}

const said = fc.record({
  after: fc.integer({ min: 0, max: 90_000 }),
  name: fc.constantFrom('A', 'B', 'C'),
  fires: fc.boolean(),
});

test('[BR-QUAL-014] two replays of the same records are the same to the byte', async () => {
  const plain = await settingsOf(10, '');
  const split = await settingsOf(0, `, routes: [{ receiver: team, matchers: ['name="B"'] }]`);
  await fc.assert(
    fc.asyncProperty(
      fc.array(said, { maxLength: 25 }),
      fc.constantFrom(plain, split),
      async (list, settings) => {
        const records = recordsOf(list);
        assert.equal(await run(settings, records), await run(settings, records));
      },
    ),
    { numRuns: 12 },
  );
});

const OWNED = `enrichment: [{ id: owners, integration: owners, as: owner }]
rules: [{ id: by-owner, when: 'facts.context.owner.team == "shop"', set: { labels: { team: shop } } }]
`;
const TO_SHOP = `, routes: [{ receiver: team, matchers: ['team="shop"'] }]`;

test('[BR-QUAL-014] two replays are the same to the byte also where rules look at what enrichment found, and what was found decides', async () => {
  const settings = await settingsOf(10, TO_SHOP, OWNED);
  const team = fc.constantFrom('shop', 'db');
  const teams = fc.record({ A: team, B: team, C: team }, { requiredKeys: [] });
  await fc.assert(
    fc.asyncProperty(fc.array(said, { maxLength: 25 }), teams, async (list, owners) => {
      const records = recordsOf(list);
      const reader = ownedBy(settings, records, owners);
      const found = await run(settings, records, reader);
      assert.equal(await run(settings, records, reader), found);
      const { differences, enriched } = JSON.parse(found);
      for (const { name, receiver, facts } of differences) {
        const owner = owners[name as 'A'];
        if (name.length > 1) continue;
        assert.equal(receiver, owner === 'shop' ? 'team' : 'ops');
        assert.equal(facts, owner === undefined ? 'unknown' : 'recorded');
      }
      const fires = list.filter((one) => one.fires);
      const unknown = fires.filter(({ name }) => owners[name as 'A'] === undefined).length;
      assert.deepEqual(enriched, { recorded: fires.length - unknown, unknown });
    }),
    { numRuns: 12 },
  );
});

test('what would be told is found: groups wait, inhibited alerts are held, silence of a source resolves', async () => {
  const settings = await settingsOf(10, '');
  const records = recordsOf([
    { after: 0, name: 'A', fires: true },
    { after: 1_000, name: 'B', fires: true },
    { after: 1_000, name: 'C', fires: true },
    { after: 60_000, name: 'C', fires: false },
  ]);
  const found = JSON.parse(await run(settings, records));
  const told = found.differences.map(({ name, candidate }: any) => [
    name,
    candidate.firing,
    candidate.resolved,
  ]);
  // A is repeated after five minutes and resolves after ten; B has resolved as well before its group looks again.
  assert.deepEqual(told, [
    ['A', 2, 1],
    ['C', 1, 1],
  ]);
  assert.equal(found.differences[0].candidate.first_at, new Date(T0 + 10_000).toISOString());
});

test('the records of all partitions come in the order of their times, in slices', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(said, { maxLength: 40 }),
      fc.integer({ min: 1, max: 5_000 }),
      async (list, sliceMs) => {
        const records = recordsOf(list);
        const to = T0 + 600_000;
        const seen: JournalRecord[] = [];
        let before = -Infinity;
        for await (const { at, records: slice } of readRange(journalOf(records), { from: T0, to, sliceMs })) {
          assert.ok(at >= before && slice.every((record) => record.at <= at && record.at > at - sliceMs));
          before = at;
          seen.push(...slice);
        }
        const wanted = records.filter((record) => record.at < to);
        assert.deepEqual(new Set(seen), new Set(wanted));
        for (let partition = 0; partition < PARTITIONS; partition++) {
          const own = (all: readonly JournalRecord[]) =>
            all.filter((record) => record.partition === partition);
          assert.deepEqual(own(seen), own(wanted));
        }
      },
    ),
  );
});
