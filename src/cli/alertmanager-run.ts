import { availableParallelism } from 'node:os';
import {
  listenerAddress,
  prefixOf,
  readExternalUrl,
  readListenAddress,
  type Machine,
} from '../alertmanager/drop-in/addresses.ts';
import { featureProblem, type DropInFlags } from '../alertmanager/drop-in/flags.ts';
import { createCors, type Cors } from '../alertmanager/drop-in/cors.ts';
import { createFront } from '../alertmanager/drop-in/front.ts';
import {
  databaseOf,
  loadDropIn,
  type DropInPlace,
  type LoadedDropIn,
} from '../alertmanager/drop-in/load-drop-in.ts';
import { ALERTMANAGER_VERSION, VERSION_INFO } from '../alertmanager/drop-in/version.ts';
import { createExposition } from '../alertmanager/metrics/exposition.ts';
import { createGate } from '../alertmanager/web/gate.ts';
import { createPasswords } from '../alertmanager/web/passwords.ts';
import { openWebConfig, type OpenWebConfig } from '../alertmanager/web/open-web-config.ts';
import { startApp, type App, type DropIn } from '../app.ts';
import { loadConnectors } from '../host/load-connectors.ts';
import { collectGarbage } from '../lib/collect-garbage.ts';
import { openLogStream } from '../lib/log-stream.ts';
import { createLog, type Logger } from '../lib/log.ts';
import { VERSION } from '../lib/version.ts';
import { formatAddress } from '../settings/address.ts';
import { formatFinding } from '../settings/finding.ts';
import { explainStart } from './explain-start.ts';
import { waitForEnd } from './wait-for-end.ts';

/** After this long nothing of the start is under way any more. */
const SETTLED_MS = 2_000;
/** Alertmanager's own floor of `--web.get-concurrency`. */
const LEAST_GETS = 8;

type Active = Extract<LoadedDropIn, { ok: true }>;

/** Runs until it is told to stop; resolves with the exit code. What it says goes to the log, in Alertmanager's words. */
export async function runDropIn(flags: DropInFlags, machine: Machine): Promise<number> {
  const log = createLog(
    levelOf(flags),
    {},
    openLogStream(flags['log.format'] === 'json' ? 'json' : 'logfmt'),
  );
  log.info('Starting Alertmanager', { version: VERSION_INFO });
  const resolved = await resolvePlace(flags, machine, log);
  if (typeof resolved === 'string') {
    log.error(resolved);
    return 1;
  }
  const { place, moreListen, web, cors } = resolved;
  const passwords = createPasswords();
  warnUnused(place, log);
  const first = await loadFile(place, log);
  if (first === undefined) return 1;

  const reloading = createReloading(place, first, log);
  const prefix = prefixOf(flags['web.route-prefix'] ?? new URL(place.externalURL).pathname);
  const concurrency = flags['web.get-concurrency'];
  const dropIn: DropIn = {
    facts: {
      version: ALERTMANAGER_VERSION,
      original: () => reloading.active().original,
      receiverLabels: () => reloading.active().receiverLabels,
      resolveTimeoutMs: () => reloading.active().resolveTimeoutMs,
      limits: {
        silences: Math.max(0, flags['silences.max-silences']),
        silenceBytes: Math.max(0, flags['silences.max-silence-size-bytes']),
      },
      peers: flags['cluster.peer'],
    },
    moreListen,
    front: (services) =>
      createFront(services, {
        prefix,
        maxGets: concurrency > 0 ? concurrency : Math.max(LEAST_GETS, availableParallelism()),
        cors,
        gate: createGate({ web: web.current, passwords, now: Date.now }),
        headers: () => web.current().headers,
        reload: () => reloading.reload(),
        metrics: createExposition({
          services,
          configuration: reloading.state,
          peers: flags['cluster.peer'],
          ownName: flags['cluster.peer-name'] || formatAddress(place.listen),
          elapsed: () => performance.now(),
        }),
      }),
  };
  const { settings } = first;
  const { connectors } = place;
  const options = { settings, connectors, externalConnectors: [], log, version: VERSION, dropIn };
  let app: App;
  try {
    app = await startApp(options);
  } catch (error) {
    const reason = explainStart(error, settings);
    log.error('Listen error', { err: reason instanceof Error ? reason.message : String(reason) });
    return 1;
  }
  reloading.attach(app);
  sayListening(app, log);
  setTimeout(collectGarbage, SETTLED_MS).unref();
  process.on('SIGHUP', () => {
    app.reloadCertificates();
    void reloading.reload();
  });
  const reason = await waitForEnd(app);
  if (reason !== undefined) {
    log.error('the thread that owns the state ended; the process ends so that it can be started anew', {
      reason,
    });
    return 1;
  }
  log.info('Received SIGTERM, exiting gracefully...');
  await app.stop();
  web.close();
  await passwords.close();
  return 0;
}

function levelOf(flags: DropInFlags): 'debug' | 'info' | 'warn' | 'error' {
  return flags['log.level'] as 'debug' | 'info' | 'warn' | 'error';
}

/** What the command line says, or what is wrong with it. */
async function resolvePlace(
  flags: DropInFlags,
  machine: Machine,
  log: Logger,
): Promise<
  | string
  | {
      readonly place: DropInPlace;
      readonly moreListen: DropIn['moreListen'];
      readonly web: OpenWebConfig;
      readonly cors: Cors;
    }
> {
  const problem = featureProblem(flags['enable-feature']);
  if (problem !== undefined) return `error parsing the feature flag list: ${problem}`;
  if (flags['web.systemd-socket']) return '--web.systemd-socket: sockets of systemd are not taken over';
  const addresses = flags['web.listen-address'].map((text) => readListenAddress(text, machine));
  const wrong = addresses.indexOf(undefined);
  if (wrong >= 0) return `listen tcp: address ${flags['web.listen-address'][wrong]}: expected HOST:PORT`;
  const [listen, ...moreListen] = addresses as [DropInPlace['listen'], ...DropInPlace['listen'][]];
  const external = readExternalUrl(flags['web.external-url'], listen, machine);
  if (!external.ok) return `failed to determine external URL: ${external.problem}`;
  const web = await openWebConfig(flags['web.config.file'], log);
  if (typeof web === 'string') return `--web.config.file: ${web}`;
  const cors = createCors(flags['web.cors.origin']);
  if (cors === undefined) return 'error parsing --web.cors.origin: it is no regular expression in RE2 syntax';
  const connectors = await loadConnectors({ external: [] });
  const place = {
    flags,
    listen,
    externalURL: external.url,
    web: web.current(),
    connectors,
    env: process.env,
  };
  return { place, moreListen, web, cors };
}

/** What would surprise whoever relies on it. */
function warnUnused({ flags, env }: DropInPlace, log: Logger): void {
  if (flags['cluster.peer'].length > 0 && databaseOf(flags, env) === undefined) {
    log.warn(
      'peers are named, and there is no --storage-url: this process works alone, so that each of several processes sends every notification',
      { peers: flags['cluster.peer'] },
    );
  }
  if (flags['alerts.per-alertname-limit'] > 0) {
    log.warn('--alerts.per-alertname-limit has no effect: alerts are never dropped');
  }
}

async function loadFile(place: DropInPlace, log: Logger): Promise<Active | undefined> {
  const file = place.flags['config.file'];
  const facts = { component: 'configuration', file };
  log.info('Loading configuration file', facts);
  const loaded = await loadDropIn(place);
  if (!loaded.ok) {
    log.error('Loading configuration file failed', { ...facts, err: loaded.problem });
    return undefined;
  }
  for (const warning of loaded.warnings) log.warn(formatFinding(warning), { component: 'configuration' });
  log.info('Completed loading of configuration file', facts);
  return loaded;
}

interface Reloading {
  active(): Active;
  state(): Pick<Active, 'settings' | 'original'> & {
    readonly isLastReloadSuccessful: boolean;
    readonly lastSuccessAt: number;
  };
  attach(app: App): void;
  /** One at a time, in the order they were asked for; resolves with what is wrong. */
  reload(): Promise<string | undefined>;
}

function createReloading(place: DropInPlace, first: Active, log: Logger): Reloading {
  let active = first;
  let isLastReloadSuccessful = true;
  let lastSuccessAt = Date.now();
  let app: App | undefined;
  let last: Promise<string | undefined> = Promise.resolve(undefined);

  async function attempt(): Promise<string | undefined> {
    const facts = { component: 'configuration', file: place.flags['config.file'] };
    log.info('Loading configuration file', facts);
    const problem = await takeUp();
    isLastReloadSuccessful = problem === undefined;
    if (problem === undefined) {
      lastSuccessAt = Date.now();
      log.info('Completed loading of configuration file', facts);
    } else {
      log.error('Loading configuration file failed', { ...facts, err: problem });
    }
    return problem;
  }

  async function takeUp(): Promise<string | undefined> {
    const loaded = await loadDropIn(place);
    if (!loaded.ok) return loaded.problem;
    for (const warning of loaded.warnings) log.warn(formatFinding(warning), { component: 'configuration' });
    try {
      await app?.reload(loaded.settings);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    active = loaded;
    return undefined;
  }

  return {
    active: () => active,
    state: () => ({ ...active, isLastReloadSuccessful, lastSuccessAt }),
    attach: (started) => void (app = started),
    reload: () => (last = last.then(attempt)),
  };
}

function sayListening(app: App, log: Logger): void {
  for (const url of [app.url, ...app.moreUrls]) {
    const address = listenerAddress(url);
    log.info('Listening on', { address });
    const isSecure = url.startsWith('https:');
    log.info(isSecure ? 'TLS is enabled.' : 'TLS is disabled.', { http2: false, address });
  }
}
