import assert from 'node:assert/strict';
import { test } from 'node:test';
import { subject } from '../rules/testing.ts';
import { checkEvent, compileSchemas } from './check-event.ts';
import { compileMappings, mapFields } from './map-fields.ts';
import { compileScales, mapSeverity } from './severity.ts';

test('severities of words, numbers and ranges become those of the organization, an integration’s own scale first', () => {
  const scales = compileScales({
    labels: ['severity', 'level'],
    general: { SEV1: 'critical', '0-3': 'critical', '4': 'warning', '5..7': 'info' },
    byIntegration: { zabbix: { '4-5': 'critical', '0-1': 'info' } },
  });
  const map = (labels: Readonly<Record<string, string>>, integration = 'syslog') =>
    mapSeverity(scales, labels, integration)?.severity;
  assert.equal(map({ severity: 'sev1' }), 'critical');
  assert.equal(map({ level: ' 2 ' }), 'critical');
  assert.equal(map({ severity: '4' }), 'warning');
  assert.equal(map({ severity: '6.5' }), 'info');
  assert.equal(map({ severity: '4' }, 'zabbix'), 'critical');
  assert.equal(map({ severity: '1' }, 'zabbix'), 'info');
  assert.equal(map({ severity: '2' }, 'zabbix'), 'critical');
  assert.equal(map({ severity: 'page' }), undefined);
  assert.equal(map({ severity: '9' }), undefined);
  assert.equal(map({}), undefined);
});

test('[BR-AP-005] a mapping carries fields over, and leaves what is there where it finds nothing', () => {
  const [mapping] = compileMappings([
    {
      id: 'ci',
      when: 'integration == "prom"',
      labels: {
        service: 'default(alert.labels.app, alert.details.component)',
        build: 'alert.details.number',
        gone: 'alert.details.nowhere',
      },
      annotations: { summary: '"Build of " + alert.labels.app' },
    },
  ]);
  const given = subject({ app: 'cart' });
  const alert = { ...given.alert, details: { number: 7 } };
  assert.deepEqual(mapFields(mapping!, { ...given, alert }), {
    labels: { service: 'cart', build: '7' },
    annotations: { summary: 'Build of cart' },
  });
  assert.equal(mapFields(mapping!, { ...given, integration: 'other' }), undefined);
});

test('an event that does not fit its schema is told by the names of its fields, never by their values', () => {
  const [schema] = compileSchemas([
    {
      id: 's',
      integrations: [],
      onInvalid: 'go_on',
      schema: {
        type: 'object',
        properties: {
          labels: { required: ['team'], properties: { host: { pattern: '^(a+)+$' } } },
          startsAt: { format: 'date-time' },
        },
      },
    },
  ]);
  const data = { status: 'firing', annotations: {}, startsAt: 'secret' } as const;
  assert.equal(
    checkEvent(schema!, { ...data, labels: { host: `${'a'.repeat(50_000)}!` } }),
    '/labels must have required property \'team\'; /labels/host must match pattern "^(a+)+$"; /startsAt must match format "date-time"',
  );
  assert.equal(checkEvent(schema!, { status: 'firing', annotations: {}, labels: { team: 'x' } }), undefined);
});
