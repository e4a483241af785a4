// The composition root: the one file that knows every part. Parts start in the order of `startApp` and stop backwards
// (requirements section 42: HNP-037…051).
// It is long because it names every part once, and does nothing else with them.
import { mkdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { createApi, createHealthHandler } from './api/api.ts';
import type { Front } from './alertmanager/drop-in/front.ts';
import type { AlertmanagerFacts, Services } from './api/services.ts';
import { startDirectory } from './directory-timer.ts';
import { openJournal, openStoreReader } from './drivers.ts';
import { createHost } from './host/create-host.ts';
import type { Host } from './host/integration.ts';
import type { LoadedConnectors } from './host/load-connectors.ts';
import { createAccessLog } from './intake/access-log.ts';
import { createIntake, type Endpoint } from './intake/intake.ts';
import { createClockOffset, createMovedClock, type ClockOffset } from './lib/clock.ts';
import { errorText } from './lib/error-text.ts';
import { createIds } from './lib/id.ts';
import type { Logger } from './lib/log.ts';
import { openLogStream } from './lib/log-stream.ts';
import { createMetricSet } from './lib/metrics.ts';
import { withTimeout } from './lib/with-timeout.ts';
import { choosePort, openListener, type Listener } from './listener.ts';
import type { CommandResult } from './model/command.ts';
import type { Settings } from './model/settings.ts';
import { watchJournal } from './journal/watched-journal.ts';
import { createTally, type RuleCounts } from './rules/tally.ts';
import { createRehearsalDesk } from './rehearsal-desk.ts';
import { openRedrives } from './read-anew.ts';
import { checkReadiness } from './readiness.ts';
import { createSettledView } from './settled-view.ts';
import { readStormCounts } from './pipeline/storm-counts.ts';
import { startRetention } from './retention-timer.ts';
import { packSettings } from './settings/transfer.ts';
import { startStateThread } from './state-link.ts';
import type { StateStatus } from './state-protocol.ts';
import { acquireLock } from './store/lock.ts';
import { readSuppressions } from './suppression/read-suppressions.ts';
import { createSilenceBook } from './suppression/silence-book.ts';
import { startWatchdog } from './watchdog-timer.ts';

export interface AppOptions {
  readonly settings: Settings;
  readonly connectors: LoadedConnectors;
  /** Connectors beside the built-in ones, which the other thread loads for itself. */
  readonly externalConnectors: readonly string[];
  readonly log: Logger;
  readonly version: string;
  /** The mode that stands in for Alertmanager. */
  readonly dropIn?: DropIn;
  /** Tests move it; everybody else leaves it out. */
  readonly clock?: ClockOffset;
}

/** What stands before the hub's answers, and what its API says besides. */
export interface DropIn {
  readonly facts: AlertmanagerFacts;
  /** More addresses, beside that of the settings. */
  readonly moreListen: readonly { readonly host: string; readonly port: number }[];
  front(services: Services): Front;
}

export interface App {
  /** Where it listens, with the port that the system chose. */
  readonly url: string;
  /** Where else. */
  readonly moreUrls: readonly string[];
  readonly healthUrl?: string;
  /** Takes up another configuration, whole or not at all. Settings of the listener and the data folder need a restart and are named. */
  reload(settings: Settings): Promise<readonly string[]>;
  reloadCertificates(): void;
  /** Drains and ends everything; resolves when the last file is closed. */
  stop(): Promise<void>;
  /** Resolves with the reason when the state's thread dies: the process should end. */
  readonly died: Promise<string>;
}

/** How long the state's thread is waited for when it is asked how it is. */
const STATUS_TIMEOUT_MS = 2_000;

export async function startApp(options: AppOptions): Promise<App> {
  const { connectors, log, version } = options;
  let settings = await placeListener(options.settings);
  const clock = options.clock ?? createClockOffset();
  const now = createMovedClock(clock);
  const newId = createIds(now);
  const metrics = createMetricSet('with-process');
  const stops: (() => Promise<void> | void)[] = [];
  let isStopping = false;

  async function stop(): Promise<void> {
    for (const end of stops.splice(0).reverse()) {
      try {
        await end();
      } catch (error) {
        log.error('a part did not stop cleanly', { reason: String(error) });
      }
    }
  }

  try {
    // Data: the lock of the folder where anything lies in it, the journal, the state with its migrations.
    const { storage } = settings;
    if (storage.url === undefined || storage.journalUrl === undefined) {
      mkdirSync(storage.path, { recursive: true, mode: 0o750 });
      const lock = acquireLock(storage.path);
      stops.push(() => lock.release());
    }
    const opened = await openJournal(storage, now);
    stops.push(() => opened.journal.close());
    const journal = watchJournal(opened.journal, now);
    const state = startStateThread(
      {
        clock,
        settings: packSettings(settings),
        durableEnds: opened.durableEnds,
        version,
        externalConnectors: options.externalConnectors,
      },
      (records) => {
        // An analysis that is lost is missed by nobody who is told.
        journal.append(records).then(
          () => state.appended(),
          (error: unknown) =>
            log.warn('an analysis could not be kept and is lost', { reason: errorText(error) }),
        );
      },
    );
    stops.push(() => state.stop(settings.server.shutdownMs));
    await state.ready;
    const reader = await openStoreReader(storage);
    stops.push(() => reader.close());

    // Connectors, as the main thread needs them: sources, probes, tests and the last resort.
    let host: Host = await createHost({ settings, connectors, log, metrics: undefined, now, version });
    stops.push(() => host.close());

    // When the state's thread is gone nothing is said; `died` tells the process.
    const statusOf = (): Promise<StateStatus | undefined> =>
      withTimeout(state.ask<StateStatus>({ kind: 'status' }), STATUS_TIMEOUT_MS);
    const syncHealth = async (): Promise<StateStatus | undefined> => {
      const status = await statusOf();
      for (const [id, health] of Object.entries(status?.integrations ?? {})) {
        const integration = host.integrations.get(id);
        if (integration && health.status !== 'unknown') Object.assign(integration.health, health);
      }
      return status;
    };

    const view = createSettledView(journal, reader, now);
    const directory = startDirectory({ settings: () => settings, host: () => host, log, now });
    stops.push(() => directory.close());

    // Signals in.
    const intake = createIntake({
      endpoints: endpointsOf(settings, host),
      journal,
      externalURL: settings.server.externalURL,
      trustedProxies: settings.server.trustedProxies,
      ...(settings.server.accessLog
        ? { accessLog: createAccessLog(openLogStream(settings.log.format).write) }
        : {}),
      now,
      newId,
      newRequestId: newId,
      log,
      metrics,
      onAppended: () => {
        view.appended();
        state.appended();
      },
    });
    stops.push(() => intake.drain());

    const silences = createSilenceBook({
      silences: reader.openSilences,
      silenceMark: reader.silenceMark,
    });
    const startedAt = now();
    const rehearsals = createRehearsalDesk({
      data: () => ({
        settings: packSettings(settings),
        storage: options.settings.storage,
        externalConnectors: options.externalConnectors,
      }),
      now,
      newId,
      log,
    });
    stops.push(() => rehearsals.close());
    const services: Services = {
      startedAt,
      settings: () => settings,
      host: () => host,
      reader,
      journal,
      settled: () => view.settled(),
      async suppressions(alerts) {
        const storms = settings.storm ? await readStormCounts(reader, now()) : {};
        const source = { silences, inhibitors: reader.inhibitors, memberships: reader.memberships, storms };
        return readSuppressions(source, settings, alerts, now());
      },
      command: (command) => state.ask<CommandResult>({ kind: 'command', command }),
      async append(records) {
        const positions = await journal.append(records);
        state.appended();
        return positions;
      },
      redriveQuarantined: openRedrives({ reader, intake, state, log }),
      directory: directory.state,
      rehearsals,
      async refreshHealth() {
        await syncHealth();
      },
      async readiness() {
        return checkReadiness({
          status: await syncHealth(),
          journal,
          reader,
          host,
          isStopping,
          directory: directory.state(),
          now: now(),
        });
      },
      metrics: async () =>
        (await metrics.text()) +
        ((await withTimeout(state.ask<string>({ kind: 'metrics' }), STATUS_TIMEOUT_MS)) ?? ''),
      ruleCounts: async () =>
        (await withTimeout(state.ask<RuleCounts>({ kind: 'rules' }), STATUS_TIMEOUT_MS)) ?? createTally(),
      onChange: (listener) => state.onChange(listener),
      version,
      ...(options.dropIn ? { alertmanager: options.dropIn.facts } : {}),
      now,
    };
    const front = options.dropIn?.front(services);
    const api = await createApi(services, { log, metrics });
    stops.push(() => api.close());

    // Background: the hub watches itself, and forgets what is old.
    stops.push(
      startWatchdog({
        settings: () => settings,
        host: () => host,
        status: syncHealth,
        reader,
        journal,
        log,
        now,
      }),
    );
    stops.push(startRetention({ settings: () => settings, state, journal, log, now }));

    // Last of all the doors.
    const { server } = settings;
    const answerHealth = createHealthHandler(services, log);
    const answerPeople = server.roles.includes('api') ? api.handle : answerHealth;
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      if (!intake.handle(request, response)) answerPeople(request, response);
    };
    const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void =>
      server.roles.includes('api') ? api.upgrade(request, socket, head) : void socket.destroy();
    const open = (address: { readonly host: string; readonly port: number }): Promise<Listener> =>
      openListener({
        ...address,
        ...(server.tls ? { tls: server.tls } : {}),
        log,
        newRequestId: newId,
        request: front
          ? (request, response) => front.take(request, response, () => answer(request, response))
          : answer,
        upgrade: front
          ? (request, socket, head) =>
              front.takeUpgrade(request, socket, () => upgrade(request, socket, head))
          : upgrade,
      });
    const listeners: Listener[] = [];
    stops.push(async () => {
      // Live streams hold their connections open, so they end while the listeners wait for their connections.
      const closed = listeners.map((each) => each.close(settings.server.shutdownMs));
      await api.close();
      await Promise.all(closed);
    });
    for (const address of [server.listen, ...(options.dropIn?.moreListen ?? [])]) {
      listeners.push(await open(address));
    }
    const [listener, ...more] = listeners as [Listener, ...Listener[]];
    let healthUrl: string | undefined;
    if (server.healthListen) {
      const health = await openListener({
        ...server.healthListen,
        log,
        newRequestId: newId,
        request: answerHealth,
      });
      healthUrl = health.url;
      stops.push(() => health.close(1_000));
    }
    void probeAll(host, log);

    return {
      url: listener.url,
      moreUrls: more.map(({ url }) => url),
      ...(healthUrl === undefined ? {} : { healthUrl }),
      died: state.died,
      reloadCertificates: () => listeners.forEach((each) => each.reloadCertificates()),
      async reload(proposed) {
        // The listener stays where it is.
        const next = { ...proposed, server: { ...proposed.server, listen: settings.server.listen } };
        const made = await createHost({ settings: next, connectors, log, metrics: undefined, now, version });
        try {
          await state.ask({ kind: 'reload', settings: packSettings(next) });
        } catch (error) {
          await made.close();
          throw error;
        }
        const before = { settings, host };
        settings = next;
        host = made;
        intake.replace(endpointsOf(next, made));
        await before.host.close();
        return needsRestart(options.settings, proposed);
      },
      async stop() {
        log.info('stopping');
        isStopping = true;
        // A balancer looks from time to time, and what it sends until then is served.
        await pause(settings.server.drainDelayMs);
        await stop();
        log.info('stopped cleanly');
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function endpointsOf(settings: Settings, host: Host): readonly Endpoint[] {
  if (!settings.server.roles.includes('intake')) return [];
  return Object.values(settings.integrations).flatMap((integration) => {
    const source = host.integrations.get(integration.id)?.connector.source;
    if (!integration.endpoint || !source) return [];
    return [
      {
        integration: integration.id,
        tenant: integration.tenant,
        settings: integration.endpoint,
        source,
        config: integration.config,
      },
    ];
  });
}

/** Reaches out to every integration once, each for itself: one that can't be reached starts degraded and holds up nobody (HNP-046). */
async function probeAll(host: Host, log: Logger): Promise<void> {
  await Promise.all(
    [...host.integrations.values()].map((integration) =>
      integration.probe(AbortSignal.timeout(10_000)).catch((error: unknown) => {
        log.warn('an integration can not be reached; it is tried again with the next delivery', {
          integration: integration.id,
          reason: error instanceof Error ? error.message : String(error),
        });
      }),
    ),
  );
}

/** Port 0 becomes a port, also in the address that people are told, unless that is configured. */
async function placeListener(settings: Settings): Promise<Settings> {
  const { server } = settings;
  if (server.listen.port !== 0) return settings;
  const port = await choosePort(server.listen.host, 0);
  const externalURL = server.externalURL.replace(/:0$/, `:${port}`);
  return { ...settings, server: { ...server, listen: { ...server.listen, port }, externalURL } };
}

/** Settings that a running process can't change, named so that nobody wonders. */
function needsRestart(before: Settings, after: Settings): readonly string[] {
  const fixed: readonly [string, unknown, unknown][] = [
    ['server.listen', before.server.listen, after.server.listen],
    ['server.health_listen', before.server.healthListen, after.server.healthListen],
    ['server.tls', before.server.tls, after.server.tls],
    ['storage.path', before.storage.path, after.storage.path],
    ['storage.url', before.storage.url, after.storage.url],
    ['journal.url', before.storage.journalUrl, after.storage.journalUrl],
    ['server.roles', before.server.roles, after.server.roles],
    ['server.node_id', before.server.nodeId, after.server.nodeId],
    ['storage.journal_max_bytes', before.storage.journalMaxBytes, after.storage.journalMaxBytes],
  ];
  return fixed
    .filter(([, left, right]) => JSON.stringify(left) !== JSON.stringify(right))
    .map(([name]) => name);
}
