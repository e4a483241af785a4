import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { startHub, until } from '../harness.ts';
import { startHubProcess } from '../hub-process.ts';
import { waitUntilReady } from '../interop/program.ts';
import { alertmanagerBody, found, processed } from './told.ts';

/** The samples of a text in Prometheus' format, by name and labels. */
function samplesOf(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}

test('[BR-MON-001] [BR-MON-002] [BR-MON-003] [HNP-080] [HNP-081] [HNP-083] [ADR6-054] [ADR6-055] [ADR6-057] [ADR6-066] what came in, what it led to and what arrived is counted, in the names and the format of Prometheus', async () => {
  await using sink = await startSink();
  await using broken = await startSink({ answer: () => ({ status: 400 }) });
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager, auth: { bearer: right-token } }
  pager: { connector: webhook, config: { url: "${sink.url}" } }
  sulky: { connector: webhook, config: { url: "${broken.url}" } }
receivers: { ops: [{ integration: pager }, { integration: sulky }] }
routes: { receiver: ops, group_wait: 0s }
`,
  });
  const body = alertmanagerBody({ name: 'A' }, { name: 'B' });
  await processed(hub, await hub.send('/hooks/prom', body, { authorization: 'Bearer right-token' }));
  assert.equal((await hub.send('/hooks/prom', body, { authorization: 'Bearer wrong' })).status, 401);
  await found(hub, 'deliveries?status=delivered');
  await found(hub, 'deliveries?status=dead');

  // What people see is counted as soon as it is on the disk.
  const answer = await until('both deliveries are counted', async () => {
    const scraped = await hub.get('/metrics');
    const counted = [...samplesOf(scraped.text)].filter(
      ([key, value]) => key.startsWith('signalbox_deliveries_total{') && value > 0,
    );
    return counted.length === 2 && scraped;
  });
  assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const samples = samplesOf(answer.text);
  const total = (name: string, ...labels: readonly string[]) =>
    [...samples]
      .filter(([key]) => key.split('{')[0] === name && labels.every((label) => key.includes(label)))
      .reduce((sum, [, value]) => sum + value, 0);
  assert.equal(total('signalbox_intake_signals_total', 'integration="prom"'), 1);
  assert.equal(total('signalbox_intake_refused_total', 'integration="prom"'), 1);
  assert.equal(total('signalbox_intake_acknowledge_seconds_count'), 1);
  assert.equal(total('signalbox_alert_events_total', 'outcome="fired"'), 2);
  assert.ok(total('signalbox_processing_lag_seconds_count') > 0);
  assert.equal(total('signalbox_deliveries_total', 'integration="pager"', 'status="delivered"'), 1);
  assert.equal(total('signalbox_deliveries_total', 'integration="sulky"', 'status="dead"'), 1);
  assert.equal(total('signalbox_delivery_attempts_total', 'integration="sulky"', 'outcome="failed"'), 1);
  assert.equal(total('signalbox_waiting_records'), 0);
  assert.ok(total('signalbox_owned_partitions') > 0);
  assert.ok(total('signalbox_state_busy_ratio') > 0);
  assert.ok(samples.has('signalbox_oldest_signal_age_seconds'));
  assert.ok(total('process_resident_memory_bytes') > 0);
  assert.ok(total('process_cpu_seconds_total') > 0);
  for (const name of samples.keys()) assert.match(name, /^[a-z_:][a-z0-9_:]*(\{.*\})?$/, name);
});

test('[HNP-084] [HNP-085] [HNP-086] [BR-WH-025] the log is JSON lines; an access has its outcome and an id that the sender got as well, and never the token', async () => {
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-log-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const hub = await startHubProcess(
    folder,
    `
integrations: { prom: { connector: alertmanager, auth: { bearer: right-token-0042 } } }
receivers: { none: [] }
routes: { receiver: none }
`,
  );
  cleanup.defer(async () => void (await hub.program.stop()));
  await waitUntilReady(hub.program, `${hub.url}/readyz`);
  const post = async (token: string) =>
    fetch(`${hub.url}/hooks/prom`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(alertmanagerBody({ name: 'A' })),
    });
  assert.equal((await post('right-token-0042')).status, 202);
  const refused = await post('wrong-token-0042');
  assert.equal(refused.status, 401);
  const { correlation_id: id } = (await refused.json()) as { correlation_id: string };

  const line = await until('the refusal is logged', () =>
    hub.program
      .output()
      .split('\n')
      .find((text) => text.includes(id)),
  );
  const entry = JSON.parse(line) as Record<string, unknown>;
  assert.equal(entry['status'], 401);
  assert.equal(entry['integration'], 'prom');
  const lines = hub.program
    .output()
    .split('\n')
    .filter((text) => text.startsWith('{'));
  for (const text of lines) assert.doesNotThrow(() => JSON.parse(text) as unknown, text);
  assert.doesNotMatch(hub.program.output(), /token-0042/);
});
