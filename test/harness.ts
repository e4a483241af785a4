import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Logger } from '@signalbox/sdk';
import { startApp, type App } from '../src/app.ts';
import { loadConnectors } from '../src/host/load-connectors.ts';
import { createClockOffset, createMovedClock, moveClock, type ClockOffset } from '../src/lib/clock.ts';
import { VERSION } from '../src/lib/version.ts';
import { formatFinding } from '../src/settings/finding.ts';
import { loadSettings, readExternalConnectors } from '../src/settings/load.ts';
import { openSharedPlace, type SharedPlace } from './modes/place.ts';
import { givenServers } from './modes/servers.ts';

export interface HubOptions {
  /** `signalbox.yaml`. Listener, data folder and log level are the harness's own unless it sets them. */
  readonly yaml: string;
  /** Further files of the configuration's folder by name, e.g. certificates. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Where the data lies; default: a folder of its own. */
  readonly dataPath?: string;
  /** Where it listens; default: a free port of loopback. */
  readonly listen?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body parsed; undefined when it is not JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of many shapes, and a wrong look fails the test
  readonly json: any;
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

/** The whole system in this process, seen from outside: over HTTP, by its files and by what it sends. */
export interface Hub extends AsyncDisposable {
  readonly url: string;
  readonly healthUrl: string | undefined;
  /** The folder of its configuration. */
  readonly folder: string;
  readonly dataPath: string;
  /** The variables by which a command finds its servers; empty where it has only the data folder. */
  readonly env: Readonly<Record<string, string>>;
  /** What the main thread logged. */
  readonly log: readonly LogLine[];
  /** The hub's clock. */
  now(): number;
  /** Moves the hub's clock and makes it look at what is due. */
  forward(ms: number): Promise<void>;
  /** Posts a signal; a body that is not a text is sent as JSON. */
  send(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  /** Takes up another configuration as SIGHUP does; rejects when it is wrong, and the old one stays. */
  reload(yaml: string): Promise<readonly string[]>;
  /** Stops cleanly and starts again on the same data and the same clock. */
  restart(yaml?: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * For a story that is about the files of the data folder: options of `test`, which skip it by name where the stories run on servers.
 *
 * @example test('a store file that is garbage stops the start', embeddedOnly('it breaks the file of the store'), async () => {…});
 */
export function embeddedOnly(why: string): { readonly skip?: string } {
  return givenServers() ? { skip: `embedded only: ${why}` } : {};
}

/**
 * Starts a hub of its own on a free port of loopback, with an empty data folder; where the stories run on servers (`npm run test:interop`) with
 * an empty database and new topics. `await using` ends it and removes what it had.
 */
export async function startHub(options: HubOptions): Promise<Hub> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-story-'));
  const dataPath = options.dataPath ?? join(folder, 'data');
  const file = join(folder, 'signalbox.yaml');
  const servers = givenServers();
  const shared: SharedPlace | undefined = servers && (await openSharedPlace(servers, basename(folder)));
  const place = {
    file,
    dataPath,
    listen: options.listen ?? '127.0.0.1:0',
    env: { ...shared?.env, ...options.env },
  };
  async function remove(): Promise<void> {
    await shared?.remove();
    await rm(folder, { recursive: true, force: true });
  }
  for (const [name, text] of Object.entries(options.files ?? {})) await writeFile(join(folder, name), text);
  const clock = createClockOffset();
  const log: LogLine[] = [];
  let app: App | undefined;

  async function start(yaml: string): Promise<void> {
    await writeFile(file, yaml);
    app = await startIn(place, clock, collectLog(log));
  }
  async function stop(): Promise<void> {
    const running = app;
    app = undefined;
    await running?.stop();
  }
  const running = (): App => {
    if (!app) throw new Error('the hub is stopped');
    return app;
  };
  const request = (path: string, init: RequestInit): Promise<Answer> => exchange(running().url + path, init);

  try {
    await start(options.yaml);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    get url() {
      return running().url;
    },
    get healthUrl() {
      return running().healthUrl;
    },
    folder,
    dataPath,
    env: shared?.env ?? {},
    log,
    now: createMovedClock(clock),
    async forward(ms) {
      moveClock(clock, ms);
      // Any command wakes the state's thread, also one that finds nothing to do.
      await request('/api/v1/deliveries/d_none/discard', { method: 'POST' });
    },
    send(path, body, headers = {}) {
      const isText = typeof body === 'string' || body instanceof Uint8Array;
      return request(path, {
        method: 'POST',
        headers: { ...(isText ? {} : { 'content-type': 'application/json' }), ...headers },
        body: isText ? (body as string) : JSON.stringify(body),
      });
    },
    get: (path, headers = {}) => request(path, { headers }),
    post: (path, body) =>
      request(path, {
        method: 'POST',
        ...(body === undefined
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      }),
    async reload(yaml) {
      await writeFile(file, yaml);
      const { settings } = await readSettings(place);
      return running().reload(settings);
    },
    async restart(yaml) {
      await stop();
      await start(yaml ?? options.yaml);
    },
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await remove();
    },
  };
}

/** How long a story waits for what happens in another thread; generous, because a slow machine is not a failure. */
export const GUARD_MS = 30_000;
const POLL_MS = 10;

/** Asks until `probe` yields something other than undefined or false. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const deadline = Date.now() + GUARD_MS;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`not within ${GUARD_MS / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** What `/metrics` says now of one series, named with its labels; 0 while there is none of that name. */
export async function metricOf(hub: Pick<Hub, 'get'>, series: string): Promise<number> {
  const { text } = await hub.get('/metrics');
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length) ?? 0);
}

interface Place {
  readonly file: string;
  readonly dataPath: string;
  readonly listen: string;
  readonly env: Readonly<Record<string, string>>;
}

async function startIn(place: Place, clock: ClockOffset, log: Logger): Promise<App> {
  const { settings, connectors, externalConnectors } = await readSettings(place);
  return startApp({ settings, connectors, externalConnectors, log, version: VERSION, clock });
}

async function readSettings({ file, dataPath, listen, env }: Place) {
  const source = {
    files: [file],
    env: { SIGNALBOX_LOG_LEVEL: 'error', SIGNALBOX_SERVER_ACCESS_LOG: 'false', ...env },
  };
  const externalConnectors = await readExternalConnectors(source);
  const connectors = await loadConnectors({ external: externalConnectors });
  const loaded = await loadSettings({
    ...source,
    connectors: [...connectors.connectors.values()],
    overrides: { 'server.listen': listen, 'storage.path': dataPath },
  });
  if (!loaded.ok) {
    const findings = loaded.errors.map((finding) => formatFinding(finding).replaceAll(dirname(file), '.'));
    throw new Error(findings.join('\n'));
  }
  return { settings: loaded.settings, connectors, externalConnectors };
}

/** One request and its whole answer. */
export async function exchange(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parseJson(text) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function collectLog(lines: LogLine[]): Logger {
  const take =
    (level: LogLine['level']) =>
    (message: string, fields?: Readonly<Record<string, unknown>>): void =>
      void lines.push({ level, message, fields });
  return { debug: take('debug'), info: take('info'), warn: take('warn'), error: take('error') };
}
