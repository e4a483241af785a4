import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Incident } from '../model/incident.ts';
import type { Settings } from '../model/settings.ts';
import { StaleIncident, type Commit, type Store } from '../store/port.ts';
import { T0, sampleIncident } from '../store/suite/samples.ts';
import { applyIncidentCommand } from './incident-command.ts';

/** A store with one incident that another node writes to, so many times, just before a commit. */
function createRacedStore(races: number): Pick<Store, 'incidents' | 'commit'> & { stored: Incident } {
  let left = races;
  const raced = {
    stored: sampleIncident('i'),
    incidents: async () => [raced.stored],
    async commit({ incidents = [] }: Commit) {
      const [written] = incidents;
      if (left-- > 0)
        raced.stored = {
          ...raced.stored,
          version: raced.stored.version + 1,
          alerts: raced.stored.alerts + 1,
        };
      if (written?.version !== raced.stored.version + 1) throw new StaleIncident('somebody was faster');
      raced.stored = written;
      return { lost: [] };
    },
  };
  return raced;
}

const acknowledge = (store: ReturnType<typeof createRacedStore>) =>
  applyIncidentCommand(
    { store: store as unknown as Store, settings: () => ({ revision: 'r' }) as Settings, now: () => T0 + 1 },
    { kind: 'incident', id: 'i', by: 'kim', action: 'acknowledge' },
  );

test('a command that meets the owner’s write is decided anew on it, and neither is lost', async () => {
  const store = createRacedStore(3);
  assert.deepEqual(await acknowledge(store), { ok: true });
  const { status, alerts, version } = store.stored;
  assert.deepEqual([status, alerts, version], ['acknowledged', 4, 5]);
});

test('an incident that never stands still is refused in the end, with nothing changed', async () => {
  const store = createRacedStore(100);
  const result = await acknowledge(store);
  assert.equal(result.ok || result.code, 'unavailable');
  assert.equal(store.stored.status, 'open');
});
