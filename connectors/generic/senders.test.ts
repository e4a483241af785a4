import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { AlertData } from '@signalbox/sdk';
import type { GenericConfig } from './config.ts';
import { source } from './source.ts';

// Mappings for senders that have no connector of their own, as people would write them, on what these senders really send.

interface Sender {
  readonly file: string;
  readonly config: GenericConfig;
  readonly expected: Partial<AlertData>;
}

const SENDERS: readonly Sender[] = [
  {
    file: 'uptime-kuma/webhook-up.json',
    config: {
      labels: { alertname: '"Monitor down"', monitor: 'body.monitor.name', url: 'body.monitor.url' },
      annotations: { summary: 'body.msg' },
      status: 'body.heartbeat.status == 0',
      key: '"uptime-kuma/" + string(body.monitor.id)',
      ends_at: 'body.heartbeat.time',
    },
    expected: {
      status: 'resolved',
      labels: { alertname: 'Monitor down', monitor: 'My Site', url: 'https://example.com' },
      annotations: { summary: '[My Site] [Up] 200 - OK' },
      key: 'uptime-kuma/1',
      endsAt: '2022-08-26T01:02:24.573Z',
    },
  },
  {
    file: 'zabbix/media-type-webhook.json',
    config: {
      labels: { alertname: 'body.event_name', host: 'body.host_name' },
      annotations: { description: 'body.trigger_description' },
      status: 'body.event_value == "1"',
      severity: 'body.event_severity',
      key: '"zabbix/" + body.trigger_id + "/" + body.host_name',
      starts_at: 'rfc3339(body.event_date + " " + body.event_time, "Europe/Riga")',
      generator_url:
        'body.zabbix_url + "/tr_events.php?triggerid=" + body.trigger_id + "&eventid=" + body.event_id',
    },
    expected: {
      status: 'firing',
      labels: { alertname: 'High CPU utilization (over 90% for 5m)', host: 'db-01', severity: 'error' },
      key: 'zabbix/23456/db-01',
      startsAt: '2026-03-03T08:11:12.000Z',
      generatorURL: 'https://zabbix.example.com/tr_events.php?triggerid=23456&eventid=8123',
    },
  },
  {
    file: 'newrelic/workflow-issue-activated.json',
    config: {
      labels: { alertname: 'body.alertConditionNames[0]', entity: 'body.impactedEntities.join(",")' },
      annotations: { summary: 'body.title' },
      status: 'body.state != "CLOSED"',
      severity: 'body.priority',
      key: '"newrelic/" + body.id',
      starts_at: 'body.createdAt',
      generator_url: 'body.issueUrl',
    },
    expected: {
      status: 'firing',
      labels: { alertname: 'Memory high', entity: 'checkout', severity: 'critical' },
      startsAt: '2026-03-03T10:11:11.000Z',
    },
  },
  {
    file: 'pingdom/down.json',
    config: {
      labels: {
        alertname: 'body.check_name',
        check_type: 'body.check_type',
        host: 'body.check_params.hostname',
      },
      annotations: { summary: 'body.description', description: 'body.long_description' },
      status: 'body.current_state',
      severity: 'body.importance_level',
      key: '"pingdom/" + string(body.check_id)',
      starts_at: 'body.state_changed_timestamp',
    },
    expected: {
      status: 'firing',
      labels: {
        alertname: 'Alerta API on OpenShift',
        check_type: 'HTTP',
        host: 'api.alerta.io',
        severity: 'error',
      },
      key: 'pingdom/803318',
      startsAt: '2017-06-30T22:25:43.000Z',
    },
  },
  {
    file: 'graylog/event-notification.json',
    config: {
      when: 'body.event.alert',
      labels: { alertname: 'body.event_definition_title', source: 'body.event.source' },
      severity: '["info", "info", "warning", "critical"][int(body.event.priority)]',
      key: '"graylog/" + body.event_definition_id + "/" + body.event.key',
      starts_at: 'body.event.timestamp',
    },
    expected: {
      labels: { alertname: 'Event - 1', source: 'server', severity: 'critical' },
      key: 'graylog/671a28a03696bb3801a7a9f1/',
      startsAt: '2024-10-24T10:22:04.556Z',
    },
  },
  {
    file: 'dash0/alert-resolved.json',
    config: {
      labels: {
        alertname: 'body.data.issue.checkrules[0].name',
        service: 'body.data.issue.labels.filter(l, l.key == "service.name")[0].value.stringValue',
      },
      annotations: { summary: 'body.data.issue.summary' },
      status: 'body.data.issue.status',
      key: '"dash0/" + body.data.issue.issueIdentifier',
      starts_at: 'body.data.issue.start',
      ends_at: 'default(body.data.issue.end, "")',
    },
    expected: {
      status: 'resolved',
      labels: { alertname: 'New Check Rule', service: 'my-first-observable-service' },
      endsAt: '2025-02-03T07:24:17.474101621Z',
    },
  },
  {
    file: 'axiom/monitor-open.json',
    config: {
      labels: { alertname: 'body.event.title.capture("^[A-Za-z]+: (.*)$")', monitor: 'body.event.monitorID' },
      status: 'body.action == "Open"',
      starts_at: 'body.event.timestamp',
    },
    expected: {
      status: 'firing',
      labels: { alertname: 'New monitor', monitor: 'Rxg89nIwu9WwrOsJKA' },
      startsAt: '2025-02-15T14:59:03.000Z',
    },
  },
  {
    file: 'falco/write-below-binary-dir.json',
    config: {
      labels: {
        alertname: 'body.rule',
        host: 'body.hostname',
        file: 'default(body.output_fields["fd.name"], "")',
      },
      annotations: { description: 'body.output' },
      severity: 'body.priority',
    },
    expected: {
      status: 'firing',
      labels: {
        alertname: 'Write below binary dir',
        host: 'localhost',
        file: '/bin/hack',
        severity: 'error',
      },
      startsAt: '2019-05-17T15:31:56.746609046Z',
    },
  },
  {
    file: 'datadog/webhook-default-template.json',
    config: {
      labels: {
        alertname: 'body.title.capture("\\\\] (.+)$")',
        host: 'body.title.capture("host:([^} ]+)")',
      },
      status: '!body.title.startsWith("[Recovered")',
      starts_at: 'body.date',
      key: '"datadog/" + body.org.id + "/" + body.title.capture("on [{](.*?)[}]")',
    },
    expected: {
      status: 'firing',
      labels: { alertname: 'High CPU', host: 'web-01' },
      key: 'datadog/11023/host:web-01',
      startsAt: '2026-03-03T10:11:11.000Z',
    },
  },
];

for (const { file, config, expected } of SENDERS) {
  const url = new URL(`../../../shared/fixtures/${file}`, import.meta.url);
  const skip = existsSync(url) ? false : `shared/fixtures/${file} is not there`;
  test(
    `[BR-INT-013] [BR-AP-003] a mapping brings a real payload into the normal form: ${file}`,
    { skip },
    () => {
      const body = JSON.parse(readFileSync(url, 'utf8')) as unknown;
      const request = {
        method: 'POST',
        path: '/hooks/any',
        query: {},
        headers: {},
        contentType: 'application/json',
        body,
      };
      const alerts = source.parse(request, config, new Date('2026-11-20T09:20:00Z'));
      assert.equal(alerts.length, 1);
      const picked = Object.fromEntries(
        Object.keys(expected).map((name) => [name, alerts[0]?.[name as keyof AlertData]]),
      );
      assert.deepEqual(picked, expected);
    },
  );
}
