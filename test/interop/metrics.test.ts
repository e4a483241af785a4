import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { startAlertmanager } from './alertmanager.ts';
import { startDropIn } from './drop-in.ts';
import { freePort, missingPrograms, reportVersions, waitUntil } from './program.ts';

const DOCUMENT = new URL('../../docs/alertmanager.md', import.meta.url);

interface Metric {
  readonly type: string;
  /** Names of labels, of all samples together. */
  readonly labels: ReadonlySet<string>;
  /** By name and labels. */
  readonly samples: ReadonlyMap<string, number>;
}

/** Older ones have fewer kinds and reasons. */
function isCurrent(metrics: ReadonlyMap<string, Metric>): boolean {
  return [...metrics.get('alertmanager_build_info')!.samples.keys()].some((key) =>
    key.includes('version="0.34.'),
  );
}

/** The metrics of a scrape whose names begin with `alertmanager_`. */
async function scrape(address: string): Promise<ReadonlyMap<string, Metric>> {
  const text = await (await fetch(`http://${address}/metrics`)).text();
  const metrics = new Map<string, { type: string; labels: Set<string>; samples: Map<string, number> }>();
  let current: { labels: Set<string>; samples: Map<string, number> } | undefined;
  for (const line of text.split('\n')) {
    const typed = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (typed?.[1]!.startsWith('alertmanager_')) {
      const metric = { type: typed[2]!, labels: new Set<string>(), samples: new Map<string, number>() };
      metrics.set(typed[1]!, metric);
      current = metric;
    } else if (typed) current = undefined;
    else if (current && line !== '' && !line.startsWith('#')) {
      const end = line.lastIndexOf(' ');
      current.samples.set(line.slice(0, end), Number(line.slice(end + 1)));
      for (const [, name] of line.slice(0, end).matchAll(/([a-z_]+)="/g)) current.labels.add(name!);
    }
  }
  return metrics;
}

/** Whose values of labels are the same as well, before anything failed. */
const NAMED = new Set(['alertmanager_notifications_total', 'alertmanager_notifications_failed_total']);

test('metrics have the names, types and labels of a real Alertmanager, and say the same of the same alerts; those that are not there are documented', async (t) => {
  const missing = missingPrograms(['alertmanager']);
  if (missing !== undefined) return t.skip(missing);
  reportVersions(t, ['alertmanager']);
  await using cleanup = new AsyncDisposableStack();
  const sink = await startSink();
  cleanup.defer(() => sink.close());
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-metrics-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const configuration = `
route: { receiver: team, group_by: [alertname], group_wait: 0s, group_interval: 1h }
receivers:
- name: team
  webhook_configs: [{ url: '${sink.url}/' }]
inhibit_rules:
- { source_matchers: ['alertname="Down"'], target_matchers: ['alertname="Slow"'] }
`;
  const peer = await freePort();
  const flags = [
    `--cluster.listen-address=127.0.0.1:${await freePort()}`,
    `--cluster.peer=127.0.0.1:${peer}`,
  ];
  const hub = await startDropIn({ folder, configuration, flags });
  cleanup.defer(async () => void (await hub.program.stop()));
  const real = await startAlertmanager({
    folder,
    configuration,
    flags: [
      `--cluster.listen-address=127.0.0.1:${await freePort()}`,
      `--cluster.peer=127.0.0.1:${peer}`,
      '--cluster.settle-timeout=1s',
    ],
  });
  cleanup.defer(async () => void (await real.program.stop()));

  const addresses = [real.address, hub.address];
  const now = Date.now();
  const at = (seconds: number) => new Date(now + seconds * 1_000).toISOString();
  const silence = { createdBy: 'ada', comment: 'known', startsAt: at(60), endsAt: at(600) };
  for (const address of addresses) {
    const post = async (path: string, body: unknown) => {
      const answer = await fetch(`http://${address}/api/v2/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return answer.status;
    };
    assert.equal(await post('alerts', [{ labels: { alertname: 'Down' } }]), 200);
    assert.equal(
      await post('alerts', [{ labels: { alertname: 'Slow' } }, { labels: { alertname: 'Full' } }]),
      200,
    );
    assert.equal(
      await post('alerts', [{ labels: { alertname: 'Old' }, startsAt: at(-20), endsAt: at(-10) }]),
      200,
    );
    assert.equal(await post('alerts', [{ labels: {} }]), 400);
    const matchers = [{ name: 'alertname', value: 'Other', isRegex: false }];
    assert.equal(await post('silences', { ...silence, matchers }), 200);
  }
  const sent = 'alertmanager_notifications_total{integration="webhook"}';
  const [theirs, ours] = await Promise.all(
    addresses.map(async (address, index) => {
      let found = await scrape(address);
      await waitUntil([real, hub][index]!.program, 'both messages are counted', async () => {
        found = await scrape(address);
        const suppressed = found
          .get('alertmanager_alerts')
          ?.samples.get('alertmanager_alerts{state="suppressed"}');
        return found.get('alertmanager_notifications_total')!.samples.get(sent) === 2 && suppressed === 1;
      });
      return found;
    }),
  );
  const documented = await readFile(DOCUMENT, 'utf8');
  for (const [name, expected] of theirs!) {
    const found = ours!.get(name);
    if (found === undefined) {
      assert.ok(
        documented.includes(`\`${name.replace('alertmanager', '')}\``),
        `${name} is in neither place`,
      );
      continue;
    }
    assert.equal(found.type, expected.type, name);
    const more = [...expected.labels].filter((label) => !found.labels.has(label));
    assert.deepEqual(more, [], `labels of ${name}`);
    if (!NAMED.has(name) || !isCurrent(theirs!)) continue;
    assert.deepEqual([...found.samples.keys()].toSorted(), [...expected.samples.keys()].toSorted(), name);
  }
  for (const name of [
    'alertmanager_alerts',
    'alertmanager_alerts_received_total',
    'alertmanager_alerts_invalid_total',
    'alertmanager_silences',
    'alertmanager_notifications_total',
    'alertmanager_notification_requests_total',
    'alertmanager_notification_requests_failed_total',
    'alertmanager_receivers',
    'alertmanager_integrations',
    'alertmanager_cluster_enabled',
    'alertmanager_cluster_members',
    'alertmanager_cluster_failed_peers',
    'alertmanager_config_last_reload_successful',
  ]) {
    for (const [sample, value] of theirs!.get(name)!.samples) {
      // Its API v1 is gone since 0.27.
      if (sample.includes('version="v1"')) continue;
      assert.equal(ours!.get(name)!.samples.get(sample), value, sample);
    }
  }
});
