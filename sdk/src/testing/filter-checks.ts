import assert from 'node:assert/strict';
import type { AlertSnapshot } from '../enricher.ts';
import type { Filter } from '../filter.ts';
import type { Check } from './checks.ts';

const ALERTS: readonly AlertSnapshot[] = [
  {
    labels: { alertname: 'DiskFull', instance: 'db-1', team: 'db' },
    annotations: { summary: 'Disk of db-1 is 97% full' },
    severity: 'critical',
    status: 'firing',
    startsAt: '2026-03-01T09:29:00.000Z',
    fingerprint: '5ef77f1f8a3ecfd7',
    integration: 'prom',
  },
  {
    labels: { alertname: '' },
    annotations: {},
    severity: '',
    status: 'resolved',
    startsAt: '1970-01-01T00:00:00.000Z',
    fingerprint: '0000000000000000',
    integration: 'other',
  },
];

/** What must hold for every filter. */
export function checkFilter(
  check: Check,
  filter: Filter<Record<string, unknown>>,
  config: () => Record<string, unknown>,
): void {
  check('the filter answers pass or a reason, the same for the same alert, and changes nothing', () => {
    for (const alert of ALERTS) {
      const given = structuredClone(alert);
      const verdict = filter.decide(given, config());
      if (verdict !== 'pass') assert.equal(typeof verdict.hold, 'string');
      assert.deepEqual(filter.decide(given, config()), verdict);
      assert.deepEqual(given, alert);
    }
  });
}
