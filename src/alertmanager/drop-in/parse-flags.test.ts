import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { DROP_IN_FLAGS, featureProblem } from './flags.ts';
import { parseFlags } from './parse-flags.ts';

/** As the tests with real servers find it (CONTRIBUTING.md). */
const ALERTMANAGER = process.env['SIGNALBOX_TEST_ALERTMANAGER'] || 'prometheus-alertmanager';

/** Command lines that Alertmanager's parser refuses. */
const REFUSED: readonly (readonly [args: readonly string[], problem: string])[] = [
  [['--foo'], "unknown long flag '--foo'"],
  [['--config.file'], "expected argument for flag '--config.file'"],
  [['--config.file', '--web.timeout=1s'], "expected argument for flag '--config.file'"],
  [['extra'], 'unexpected extra'],
  [['-z'], "unknown short flag '-z'"],
  [['--data.retention=x'], 'time: invalid duration "x"'],
  [['--web.get-concurrency=a'], 'strconv.ParseFloat: parsing "a": invalid syntax'],
  [['--config.file=a', '--config.file=b'], "flag 'config.file' cannot be repeated"],
];

test('what is refused is refused in Alertmanager’s words', () => {
  for (const [args, problem] of REFUSED) {
    assert.deepEqual(parseFlags(args), { ok: false, problem: `${problem}, try --help` }, args.join(' '));
  }
});

test('the words are those of the Alertmanager that is installed', (t) => {
  for (const [args, problem] of REFUSED) {
    const { error, status, stderr } = spawnSync(ALERTMANAGER, args, { encoding: 'utf8' });
    if (error) return t.skip(`not installed on this machine: ${ALERTMANAGER}`);
    assert.equal(status, 1, args.join(' '));
    assert.equal(stderr.trim().replace(/^.*?: error: /, ''), `${problem}, try --help`);
  }
});

test('every flag and every feature of the Alertmanager that is installed is taken', (t) => {
  const { error, stdout, stderr } = spawnSync(ALERTMANAGER, ['--help'], { encoding: 'utf8' });
  if (error) return t.skip(`not installed on this machine: ${ALERTMANAGER}`);
  const help = stdout + stderr;
  const flags = [...help.matchAll(/^ {2,6}(?:-h, )?--(?:\[no-\])?([a-z0-9.-]+)/gm)].map(([, name]) => name!);
  assert.ok(flags.length > 30);
  // The last one is Debian's own.
  const known = [...Object.keys(DROP_IN_FLAGS), 'help', 'help-long', 'help-man', 'version', 'web.ui-path'];
  const unknown = flags.filter((name) => !known.includes(name));
  assert.deepEqual(unknown, []);
  const features = /Valid options: ((?:[a-z0-9-]+,?\s+)+)/.exec(help)?.[1] ?? '';
  for (const name of features.split(/[,\s]+/).filter((word) => /^[a-z]/.test(word))) {
    assert.equal(featureProblem(name), undefined, name);
  }
});

test('values stand behind a sign or a space; lists collect, switches switch, the rest has its default', () => {
  const parsed = parseFlags([
    '--config.file=/etc/am.yml',
    '--storage.path',
    '/data',
    '--web.listen-address=:1',
    '--web.listen-address',
    '127.0.0.1:2',
    '--cluster.listen-address=',
    '--no-cluster.allow-insecure-public-advertise-address-discovery',
    '--data.retention=1h30m',
    '--auto-gomemlimit.ratio=0.5',
  ]);
  assert.ok(parsed.ok);
  const { flags } = parsed;
  assert.deepEqual(
    [flags['config.file'], flags['storage.path'], flags['cluster.listen-address']],
    ['/etc/am.yml', '/data', ''],
  );
  assert.deepEqual(flags['web.listen-address'], [':1', '127.0.0.1:2']);
  assert.equal(flags['cluster.allow-insecure-public-advertise-address-discovery'], false);
  assert.deepEqual([flags['data.retention'], flags['auto-gomemlimit.ratio']], [5_400_000, 0.5]);
  assert.deepEqual(
    [flags['cluster.peer'], flags['log.format'], flags['storage-url']],
    [[], 'logfmt', undefined],
  );
});

test('levels and formats of the log that do not exist are refused', () => {
  for (const [flag, what] of [
    ['--log.level=loud', 'log level loud'],
    ['--log.format=xml', 'log format xml'],
  ] as const) {
    assert.deepEqual(parseFlags([flag]), { ok: false, problem: `unrecognized ${what}, try --help` });
  }
});

test('features that Alertmanager knows are taken, others refused', () => {
  assert.equal(featureProblem('utf8-strict-mode,auto-gomemlimit'), undefined);
  assert.equal(featureProblem('warp'), "unknown option 'warp' for --enable-feature");
  assert.match(featureProblem('classic-mode,utf8-strict-mode') ?? '', /cannot have both/);
});
