import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteJournal } from '../../src/journal/sqlite/journal.ts';
import { embeddedOnly, startHub, type Hub } from '../harness.ts';
import { alertmanagerBody, found, list, processed, sorted } from '../stories/told.ts';

const YAML = `
integrations: { prom: { connector: alertmanager } }
receivers: { none: [] }
routes: { receiver: none }
`;

/** Puts records into the journal of a hub that is stopped, as a broken disk or a broken version of the program might have. */
async function append(hub: Hub, values: readonly string[]): Promise<void> {
  let ids = 0;
  const journal = await openSqliteJournal({
    path: join(hub.dataPath, 'journal.db'),
    maxBytes: 2 ** 30,
    newId: () => `broken-${++ids}`,
    now: hub.now,
  });
  await journal.append(values.map((value, index) => ({ key: `default/${index % 7}`, at: hub.now(), value })));
  await journal.close();
}

function record(signal: string, events: unknown): string {
  const meta = {
    signal,
    integration: 'prom',
    tenant: 'default',
    receivedAt: '2026-01-01T00:00:00.000Z',
    hash: signal,
    requestId: signal,
    parts: 1,
    part: 0,
  };
  return JSON.stringify({ v: 1, kind: 'events', meta, events });
}

function good(name: string): string {
  const data = { status: 'firing', labels: { alertname: name }, annotations: {} };
  return record(name, [{ specversion: '1.0', id: name, source: '/prom', type: 'signalbox.alert.v1', data }]);
}

test(
  '[BR-ERR-009] [ADR6-046] [BR-REL-012] a poisonous record is set aside with its error, whatever it holds, and all the others advance',
  embeddedOnly('it writes into the file of the journal'),
  async () => {
    await using hub = await startHub({ yaml: YAML });
    await hub.stop();
    const poison = [
      'this is not JSON',
      '{"v":99,"kind":"events"}',
      record('no-events', undefined),
      record('null-event', [null]),
      record('null-data', [{ id: 'x', data: null }]),
      record('labels-are-text', [{ id: 'x', data: { status: 'firing', labels: 'oops', annotations: {} } }]),
    ];
    const mixed = poison.flatMap((value, index) => [good(`Before${index}`), value, good(`After${index}`)]);
    await append(hub, mixed);
    await hub.restart();
    await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Newest' })));

    const expected = poison.flatMap((_, index) => [`After${index}`, `Before${index}`]);
    await found(hub, 'alerts', ({ labels }) => labels.alertname === 'After5');
    const names = (await list(hub, 'alerts?limit=100')).map(({ labels }) => labels.alertname);
    assert.deepEqual(
      names.filter((name) => expected.includes(name)).length,
      expected.length,
      sorted(names).join(),
    );
    const letters = await list(hub, 'dead-letters?kind=signal');
    assert.ok(letters.length >= 4, letters.map(({ reason }) => reason).join('\n'));
    assert.ok(letters.every(({ reason }) => reason !== ''));
    assert.equal((await hub.get('/readyz')).status, 200);
  },
);
