import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, realpathSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { endProcess, findProgram, freePort } from '../interop/program.ts';

const USER = 'signalbox';
const TEMPLATE = 'signalbox_template';
/** Debian keeps each major version apart, and off the PATH. */
const DEBIAN = '/usr/lib/postgresql';
const READY = /database system is ready to accept (?:read-only )?connections/;
/** After a SIGKILL the memory of the former server lives until its last process has ended. */
const START_ATTEMPTS = 50;
const PAUSE_MS = 100;
const KEPT_OUTPUT_CHARACTERS = 20_000;

export interface PostgresServer {
  /** Of the database `postgres`. */
  readonly url: string;
  /** A new database; a copy of the prepared one when the server was started with `prepare`. Resolves with its URL. */
  newDatabase(options?: { readonly empty?: boolean }): Promise<string>;
  dropDatabase(url: string): Promise<void>;
  /** Runs one statement and waits for its end without giving up the thread. */
  runSync(url: string, statement: string): void;
  /** Ends it in good order and keeps the data. */
  shutDown(): Promise<void>;
  /** Ends the primary as a power cut would. */
  kill9(): Promise<void>;
  /** Starts it again on the same port with the data it had. */
  start(): Promise<void>;
  /** Starts a second server that follows this one and only reads. It ends with this one. */
  startStandby(): Promise<{ readonly url: string }>;
  /** The standby is the primary from now on; the former one must be down. */
  promoteStandby(): Promise<void>;
  /** What is down becomes the standby of the primary, on its former port, with a fresh copy of the data. */
  rejoin(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Makes the schema once; every new database is then a copy. It must close its connections. */
  readonly prepare?: (url: string) => Promise<void>;
  /** Whether a commit waits for the disk. Default true; unit tests that lose no power may turn it off. */
  readonly fsync?: boolean;
  /** More settings of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  /** By which port of 127.0.0.1 a standby reaches the primary's, for a way that can be cut. Default: by that port itself. */
  readonly wayTo?: (port: number) => Promise<number>;
}

/**
 * Starts a real PostgreSQL on a free port of 127.0.0.1, its data and socket in a temporary folder. The server ends with this process,
 * however that ends. PostgreSQL refuses to run as root, so root runs it as the user `postgres`. Where it isn't installed the answer says so.
 */
export async function startPostgres(
  options: PostgresOptions = {},
): Promise<PostgresServer | { missing: string }> {
  const account = findAccount();
  if ('missing' in account) return account;
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-postgres-'));
  const port = await freePort();
  if (account.uid !== undefined) await chown(folder, account.uid, account.gid!);
  const watcher = watch(folder);
  let primary: Seat = { port, data: join(folder, 'data') };
  let standby: Seat | undefined;
  let databases = 0;

  const end = async (seat: Seat, signal: NodeJS.Signals): Promise<void> => {
    const ending = seat.running;
    delete seat.running;
    if (ending) await endProcess(ending, signal);
  };
  const follow = async (seat: Seat): Promise<void> => {
    const from = urlOf((await options.wayTo?.(primary.port)) ?? primary.port, 'postgres');
    await runTool(account, 'pg_basebackup', ['-R', '-c', 'fast', '-d', from, '-D', seat.data], folder);
    seat.running = await startServer(account, seat.data, seat.port, options);
  };
  const url = urlOf(port, 'postgres');
  const server: PostgresServer = {
    url,
    async newDatabase({ empty = false } = {}) {
      const name = `test_${++databases}`;
      const template = options.prepare && !empty ? TEMPLATE : 'template0';
      await administer(url, `CREATE DATABASE ${name} TEMPLATE ${template}`);
      return urlOf(port, name);
    },
    dropDatabase: (dropped) =>
      administer(url, `DROP DATABASE ${new URL(dropped).pathname.slice(1)} WITH (FORCE)`),
    runSync(database, statement) {
      const { status, stderr } = spawnSync(join(account.bin, 'psql'), ['-qX', '-c', statement, database]);
      if (status !== 0) throw new Error(`psql: ${stderr.toString()}`);
    },
    shutDown: () => end(primary, 'SIGINT'),
    async kill9() {
      const children = childrenOf(primary.running);
      await end(primary, 'SIGKILL');
      await Promise.all(children.map(killAndWait));
    },
    async start() {
      primary.running = await startServer(account, primary.data, primary.port, options);
    },
    async startStandby() {
      const own = await freePort();
      standby = { port: own, data: join(folder, `data-${own}`) };
      await follow(standby);
      return { url: urlOf(own, 'postgres') };
    },
    async promoteStandby() {
      const promoted = standby!;
      await administer(urlOf(promoted.port, 'postgres'), 'SELECT pg_promote()');
      [primary, standby] = [promoted, primary];
    },
    async rejoin() {
      await rm(standby!.data, { recursive: true });
      await follow(standby!);
    },
    async stop() {
      if (standby) await end(standby, 'SIGQUIT');
      await end(primary, 'SIGQUIT');
      watcher.ref();
      watcher.stdin!.end();
      await once(watcher, 'exit');
    },
  };
  try {
    await initialize(account, primary.data);
    await server.start();
    if (options.prepare) {
      await administer(url, `CREATE DATABASE ${TEMPLATE} TEMPLATE template0`);
      await options.prepare(urlOf(port, TEMPLATE));
    }
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Where one of the two servers runs, or ran. */
interface Seat {
  readonly port: number;
  readonly data: string;
  running?: ChildProcess;
}

interface Account {
  /** Where the server's programs are. */
  readonly bin: string;
  readonly uid?: number;
  readonly gid?: number;
}

function findAccount(): Account | { missing: string } {
  const bin = findBin();
  if (bin === undefined)
    return { missing: 'PostgreSQL is not installed on this machine (Debian: apt-get install postgresql)' };
  if (process.getuid?.() !== 0) return { bin };
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(spawnSync('id', [flag, 'postgres']).stdout.toString().trim() || NaN),
  );
  if (Number.isNaN(uid))
    return { missing: 'PostgreSQL refuses to run as root, and there is no user postgres' };
  return { bin, uid: uid!, gid: gid! };
}

/** The newest version that Debian has installed, or what the PATH says. */
function findBin(): string | undefined {
  const found = findProgram('initdb');
  if (found !== undefined) return dirname(realpathSync(found));
  try {
    const versions = readdirSync(DEBIAN).sort((left, right) => Number(right) - Number(left));
    return versions
      .map((version) => join(DEBIAN, version, 'bin'))
      .find((bin) => readdirSync(bin).includes('initdb'));
  } catch {
    return undefined;
  }
}

/** A language's sort order, as most databases have one: what relies on the order of bytes has to say so. */
async function initialize(account: Account, data: string): Promise<void> {
  const flags = ['--auth=trust', `--username=${USER}`, '--encoding=UTF8', '--no-sync', '--no-instructions'];
  const locale = ['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US'];
  await runTool(account, 'initdb', [...flags, ...locale, data], dirname(data));
}

async function runTool(
  account: Account,
  name: string,
  args: readonly string[],
  folder: string,
): Promise<void> {
  const child = spawn(join(account.bin, name), args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...asAccount(account),
  });
  let said = '';
  child.stderr.on(
    'data',
    (chunk: Buffer) => (said = (said + chunk.toString()).slice(-KEPT_OUTPUT_CHARACTERS)),
  );
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${name}: ${said}`);
}

/** One process per connection; without the first one they end as well, but not at once. */
function childrenOf(child: ChildProcess | undefined): readonly number[] {
  if (child?.pid === undefined) return [];
  const { stdout } = spawnSync('pgrep', ['-P', String(child.pid)]);
  return stdout.toString().split('\n').filter(Boolean).map(Number);
}

async function killAndWait(pid: number): Promise<void> {
  try {
    for (;;) {
      process.kill(pid, 'SIGKILL');
      await new Promise((done) => setImmediate(done));
    }
  } catch {
    // No such process any more.
  }
}

async function startServer(
  account: Account,
  data: string,
  port: number,
  options: PostgresOptions,
): Promise<ChildProcess> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: dirname(data),
    fsync: options.fsync === false ? 'off' : 'on',
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let said = '';
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
    const child = spawn(join(account.bin, 'postgres'), ['-D', data, ...flags], {
      cwd: dirname(data),
      stdio: ['ignore', 'ignore', 'pipe'],
      ...asAccount(account),
    });
    said = '';
    const isReady = new Promise<boolean>((resolve) => {
      child.once('exit', () => resolve(false));
      child.stderr.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-KEPT_OUTPUT_CHARACTERS);
        if (READY.test(said)) resolve(true);
      });
    });
    if (await isReady) return child;
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  throw new Error(`PostgreSQL did not start:\n${said}`);
}

function asAccount({ uid, gid }: Account): { uid?: number; gid?: number } {
  return uid === undefined || gid === undefined ? {} : { uid, gid };
}

/**
 * Ends the server and removes its folder when this process ends, also by SIGKILL: then the pipe closes, and the shell reads its end.
 * The first line of postmaster.pid is the server's process.
 */
function watch(folder: string): ChildProcess {
  const script =
    'read -r _; for pid in "$1"/*/postmaster.pid; do kill -QUIT "$(head -n 1 "$pid")"; done; rm -rf "$1"';
  const watcher = spawn('sh', ['-c', script, 'sh', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.unref();
  return watcher;
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function urlOf(port: number, database: string): string {
  return `postgres://${USER}@127.0.0.1:${port}/${database}`;
}
