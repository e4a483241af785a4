import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isFault, type Notification } from '@signalbox/sdk';
import { conformance, testContext } from '@signalbox/sdk/testing';
import console from './index.ts';
import { jsonLine } from './notifier.ts';
import { prettyText } from './pretty.ts';
import { writeAll } from './write-all.ts';

conformance(console, { dir: import.meta.dirname, transport: 'other', config: () => ({}) });

function sampleUrl(name: string): URL {
  return new URL(`fixtures/notifier/${name}/notification.json`, import.meta.url);
}

function readSample(name: string): Notification {
  return JSON.parse(readFileSync(sampleUrl(name), 'utf8')) as Notification;
}

/** A program that delivers the sample with these settings, as the hub would. */
function program(sample: string, settings: { format: string; color: string }): string {
  return `
    import { readFileSync } from 'node:fs';
    const { default: connector } = await import(${JSON.stringify(new URL('index.ts', import.meta.url).href)});
    const notification = JSON.parse(readFileSync(new URL(${JSON.stringify(sampleUrl(sample).href)})));
    const context = { config: ${JSON.stringify(settings)}, signal: AbortSignal.timeout(5000) };
    await connector.notifier.deliver(notification, context).catch((fault) => process.stderr.write(fault.code + ': ' + fault.message));
  `;
}

const AUTO = { format: 'auto', color: 'auto' };

test('[BR-NOT-003] into a pipe a notification is one line of JSON', () => {
  const { stdout, stderr } = runNode(['--input-type=module', '-e', program('several', AUTO)]);
  assert.equal(stderr, '');
  assert.equal(stdout.split('\n').length, 2);
  const line = JSON.parse(stdout) as Record<string, unknown>;
  const { title, severity, ...notification } = line;
  assert.equal(title, '[FIRING:2+] ConsumerLag, PodCrashLooping · shop');
  assert.equal(severity, 'critical');
  assert.deepEqual(notification, readSample('several'));
});

test('[BR-NOT-003] it prints from a worker thread as well', () => {
  const worker = `
    import { Worker } from 'node:worker_threads';
    new Worker(new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(program('firing', AUTO))})));
  `;
  const { stdout, stderr } = runNode(['--input-type=module', '-e', worker]);
  assert.equal(stderr, '');
  assert.match(stdout, /^\{"title":"\[FIRING:1\] DiskFull/);
});

const hasScript = spawnSync('script', ['--version']).status === 0;
const skip = hasScript ? false : 'the program script (util-linux) is not installed';

test(
  '[BR-NOT-003] [BR-NOT-010] on a terminal the same notification is laid out for people, in colour',
  { skip },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'console-'));
    const code = Buffer.from(program('firing', AUTO)).toString('base64');
    const run = `${process.execPath} --input-type=module -e 'await import("data:text/javascript;base64,${code}")'`;
    const env = { ...process.env, TERM: 'xterm', NO_COLOR: '' };
    const { stdout } = spawnSync('script', ['-qec', run, join(folder, 'typescript')], {
      encoding: 'utf8',
      env,
    });
    rmSync(folder, { recursive: true });
    assert.ok(stdout.includes('\u001b[41m'), 'it has colours');
    assert.match(stdout, / FIRING:1 /);
    assert.match(stdout, /Disk \/var on db-1 is 96% full/);
    assert.match(stdout, /since 2026-11-20 09:14:05 UTC \(4m\)/);
  },
);

test('[BR-NOT-006] the layout: title, receiver, labels, what happened, since when, links', () => {
  const text = prettyText(readSample('firing'), { width: 80, color: false });
  assert.equal(
    text,
    `┌ [FIRING:1] DiskFull · db-1.example.org:9100 (critical)
│ to on-call · 2026-11-20 09:18:05 UTC
│ instance=db-1.example.org:9100  job=node  cluster=eu-1  mountpoint=/var
│ team=db
│
│ ● Disk /var on db-1 is 96% full
│   Only 4.1 GiB are left. At the rate of the last six hours the disk is full at
│   about 11:40 UTC, and PostgreSQL stops when it is.
│   since 2026-11-20 09:14:05 UTC (4m)
│   Runbook   https://runbooks.example.org/disk-full
│   Dashboard https://grafana.example.org/d/node?var-instance=db-1&from=now-6h
│   Source    https://prometheus.example.org/graph?g0.expr=node_filesystem_avail_bytes+%3C+5e9&g0.tab=1
└
`,
  );
});

test('several alerts: each with its own labels only, resolved ones marked, the rest counted', () => {
  const text = prettyText(readSample('several'), { width: 100, color: false });
  assert.match(text, /● PodCrashLooping: Container api restarted 7 times/);
  assert.match(text, /✔ ConsumerLag: orders-7d9f-c3[\s\S]*resolved 2026-11-20 09:17:12 UTC after 37m 12s/);
  assert.match(text, /Told late/);
  assert.match(text, /… and 14 more alerts/);
  assert.equal(text.match(/namespace=shop/g)?.length, 1);
});

for (const width of [60, 80, 120]) {
  test(`prose keeps to ${width} columns`, () => {
    const lines = ['several', 'known'].flatMap((name) =>
      prettyText(readSample(name), { width, color: false }).split('\n'),
    );
    const wide = lines.filter(
      (line) => line.length > width && !line.includes('://') && !line.startsWith('┌'),
    );
    assert.deepEqual(wide, []);
  });
}

test('[BR-NOT-006] what the hub knows: what the procedures ask for, level, environment, owner, what enrichment found, what changed, links', () => {
  const expected = readFileSync(new URL('expected.txt', sampleUrl('known')), 'utf8');
  assert.equal(prettyText(readSample('known'), { width: 100, color: false }), expected);
});

test('no label and no annotation reaches the terminal as a control character', () => {
  const hostile = readSample('hostile');
  const text = prettyText(hostile, { width: 80, color: false });
  // oxlint-disable-next-line no-control-regex -- the assertion is about these characters
  const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;
  assert.doesNotMatch(text, controls);
  assert.doesNotMatch(jsonLine(hostile).trimEnd(), controls);
  const { title, severity, ...same } = JSON.parse(jsonLine(hostile)) as Record<string, unknown>;
  assert.deepEqual([same, typeof title, severity], [hostile, 'string', 'critical']);
});

test('nobody reading standard output is SB_UNAVAILABLE, not a crash', async () => {
  const wait = `process.stdin.resume(); await new Promise((resolve) => process.stdin.once('end', resolve));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', wait + program('firing', AUTO)]);
  child.stdout.destroy();
  child.stdin.end();
  const said = (await child.stderr.toArray()).join('');
  assert.match(said, /^SB_UNAVAILABLE: .*\(EPIPE\)/);
  assert.equal(child.exitCode ?? (await new Promise((resolve) => child.once('exit', resolve))), 0);
});

test('a text that is longer than the pipe arrives whole when the reader is slow', async () => {
  const url = JSON.stringify(new URL('write-all.ts', import.meta.url).href);
  // Touching process.stdout makes the pipe non-blocking, as it is in the hub.
  const code = `process.stdout.write(''); const { writeAll } = await import(${url}); await writeAll(1, 'x'.repeat(1_000_000), AbortSignal.timeout(20_000));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let received = 0;
  for await (const chunk of child.stdout) received += (chunk as Buffer).length;
  assert.equal(received, 1_000_000);
});

test('a descriptor that can not be written is SB_UNAVAILABLE', async () => {
  const fd = openSync(import.meta.filename, 'r');
  await assert.rejects(
    writeAll(fd, 'text', new AbortController().signal),
    (thrown) => isFault(thrown) && thrown.code === 'SB_UNAVAILABLE',
  );
  closeSync(fd);
});

test('an aborted delivery prints nothing more', async () => {
  const { context, close } = testContext({
    config: { format: 'json', color: 'never' } as const,
    signal: AbortSignal.abort(),
  });
  await assert.rejects(console.notifier!.deliver(readSample('firing'), context), { code: 'SB_UNAVAILABLE' });
  await close();
});

function runNode(args: readonly string[]): { readonly stdout: string; readonly stderr: string } {
  return spawnSync(process.execPath, args, { encoding: 'utf8' });
}
