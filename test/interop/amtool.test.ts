import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startSink } from '../fakes/sink.ts';
import { until } from '../harness.ts';
import { told } from '../stories/told.ts';
import { startDropIn } from './drop-in.ts';
import { startExporter } from './exporter.ts';
import { findProgram, missingPrograms, reportVersions } from './program.ts';
import { startPrometheus } from './prometheus.ts';

const run = promisify(execFile);

test('a real Prometheus has the hub as its only Alertmanager, and a real amtool adds, queries, silences and expires', async (t) => {
  const missing = missingPrograms(['prometheus', 'amtool']);
  if (missing !== undefined) return t.skip(missing);
  reportVersions(t, ['prometheus', 'amtool']);

  await using cleanup = new AsyncDisposableStack();
  const sink = await startSink();
  cleanup.defer(() => sink[Symbol.asyncDispose]());
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-amtool-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const hub = await startDropIn({
    folder,
    configuration: `
route: { receiver: team, group_by: [alertname, instance], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers:
- name: team
  webhook_configs: [{ url: '${sink.url}/team' }]
inhibit_rules:
- { source_matchers: ['alertname="ClusterDown"'], target_matchers: ['severity="warning"'] }
`,
  });
  cleanup.defer(async () => void (await hub.program.stop()));
  const exporter = await startExporter('disk_used_ratio');
  cleanup.defer(() => exporter.close());
  const prometheus = await startPrometheus({
    folder,
    target: exporter.address,
    alertmanager: hub.address,
    rules: [{ alert: 'DiskFull', expr: 'disk_used_ratio > 0.9', labels: { severity: 'critical' } }],
  });
  cleanup.defer(async () => void (await prometheus.stop()));
  const amtool = async (...args: readonly string[]): Promise<string> =>
    (
      await run(findProgram('amtool')!, [
        `--alertmanager.url=http://${hub.address}`,
        '--no-version-check',
        ...args,
      ])
    ).stdout;
  const names = async (...args: readonly string[]): Promise<readonly string[]> =>
    (JSON.parse(await amtool('alert', 'query', ...args, '-o', 'json')) as { labels: { alertname: string } }[])
      .map(({ labels }) => labels.alertname)
      .toSorted();
  const hasTold = (what: string) =>
    until(`${what} is told`, () => sink.requests.some((request) => told(request).includes(what)));

  // What Prometheus says arrives and is told, firing and resolved.
  exporter.set(0.97);
  await hasTold(`DiskFull ${exporter.address} firing`);
  assert.deepEqual(await names(), ['DiskFull']);
  exporter.set(0.1);
  await hasTold(`DiskFull ${exporter.address} resolved`);

  // What amtool adds is there at once.
  await amtool('alert', 'add', 'alertname=Slow', 'instance=a', 'severity=warning');
  assert.deepEqual(await names('alertname=Slow'), ['Slow']);
  await hasTold('Slow a firing');

  // A silence holds what fires after it, and says so.
  const id = (await amtool('silence', 'add', 'instance=b', '-c', 'known', '-d', '1h', '-a', 'ada')).trim();
  await amtool('alert', 'add', 'alertname=Slow', 'instance=b', 'severity=warning');
  assert.deepEqual(await names('--silenced'), ['Slow']);
  assert.match(await amtool('silence', 'query'), new RegExp(id));

  // So does an inhibition.
  await amtool('alert', 'add', 'alertname=ClusterDown', 'severity=critical');
  await hasTold('ClusterDown firing');
  await amtool('alert', 'add', 'alertname=Full', 'instance=c', 'severity=warning');
  assert.ok((await names('--inhibited')).includes('Full'));
  assert.equal(sink.requests.filter((request) => /Slow b|Full c/.test(told(request))).length, 0);

  // An expired silence holds nothing any more; the inhibition ends with its source.
  await amtool('silence', 'expire', id);
  assert.match(await amtool('silence', 'query', '--expired'), new RegExp(id));
  await amtool(
    'alert',
    'add',
    'alertname=ClusterDown',
    'severity=critical',
    `--end=${new Date().toISOString()}`,
  );
  await hasTold('Slow b firing');
  await hasTold('Full c firing');

  // What is posted last counts, however old it says it is.
  await amtool('alert', 'add', 'alertname=Late', 'instance=d');
  await amtool(
    'alert',
    'add',
    'alertname=Late',
    'instance=d',
    '--start=2020-01-01T00:00:00Z',
    '--end=2020-01-01T01:00:00Z',
  );
  assert.deepEqual(await names('alertname=Late'), []);

  // Silences are changed in place, written out and read in again.
  const other = (await amtool('silence', 'add', 'instance=e', '-c', 'known', '-d', '1h')).trim();
  assert.match(await amtool('silence', 'update', other, '-d', '2h', '-c', 'longer'), /longer/);
  const saved = join(folder, 'silences.json');
  await writeFile(saved, await amtool('silence', 'query', '-o', 'json'));
  assert.match(await amtool('silence', 'import', saved), new RegExp(other));

  assert.match(await amtool('config', 'routes', 'test', '--verify.receivers=team', 'instance=a'), /team/);
  assert.match(await amtool('config', 'routes', 'show'), /default-route.*receiver: team/);
  assert.match(await amtool('cluster', 'show'), /ready/);
  assert.match(await amtool('config', 'show'), /receiver: team/);
  assert.doesNotMatch(await amtool('config', 'show'), new RegExp(sink.url));
  assert.deepEqual(await hub.program.stop(), [0, null]);
});
