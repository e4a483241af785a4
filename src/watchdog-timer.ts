import { alarmNotification, compareAlarms, watch, type Alarms } from './delivery/watchdog.ts';
import type { Host } from './host/integration.ts';
import type { WatchedJournal } from './journal/watched-journal.ts';
import type { Logger } from './lib/log.ts';
import type { Settings } from './model/settings.ts';
import { createMemoryState } from './api/memory-state.ts';
import type { StoreReader } from './store/reader.ts';
import type { StateStatus } from './state-protocol.ts';

export interface WatchdogContext {
  settings(): Settings;
  host(): Host;
  status(): Promise<StateStatus | undefined>;
  readonly reader: StoreReader;
  readonly journal: WatchedJournal;
  readonly log: Logger;
  now(): number;
}

const LOOK_EVERY_MS = 5_000;
const SEND_TIMEOUT_MS = 20_000;

/**
 * Looks at the hub from its main thread and tells the last-resort integration directly, past journal, state and outbox,
 * because those are what may be broken (design §2.14). Returns the way to stop.
 */
export function startWatchdog(context: WatchdogContext): () => void {
  const { log, now } = context;
  let alarms: Alarms = new Map();
  let deadLetters: number | undefined;
  let looking = false;

  async function look(): Promise<void> {
    const { watchdog, storage, server } = context.settings();
    const status = await context.status();
    const counts = await context.reader.counts().catch(() => undefined);
    const troubles = [
      context.journal.trouble()?.reason,
      status ? status.trouble : 'the thread that owns the state does not answer',
    ];
    const trouble = troubles.find((reason) => reason !== undefined);
    const dead = counts?.deliveries.dead ?? deadLetters ?? 0;
    deadLetters ??= dead;
    const after = watch(
      {
        lagMs: status?.lagMs ?? 0,
        undeliveredMs: counts?.oldestPendingAt === undefined ? 0 : now() - counts.oldestPendingAt,
        deadLetters: dead,
        fullness: (await context.journal.bytes().catch(() => 0)) / storage.journalMaxBytes,
        ...(trouble === undefined ? {} : { trouble }),
      },
      watchdog,
      deadLetters,
    );
    deadLetters = Math.min(deadLetters, dead);
    for (const change of compareAlarms(alarms, after)) {
      const say = change.status === 'firing' ? log.error : log.info;
      say(`watchdog: ${change.condition} ${change.status}`, { text: change.text });
      await tell(watchdog.lastResort, alarmNotification(change, server.externalURL, now()));
    }
    alarms = after;
  }

  async function tell(
    lastResort: string | undefined,
    notification: ReturnType<typeof alarmNotification>,
  ): Promise<void> {
    const integration = lastResort === undefined ? undefined : context.host().integrations.get(lastResort);
    if (!integration) return;
    const call = {
      idempotencyKey: notification.id,
      correlationId: notification.id,
      signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
      state: createMemoryState(),
    };
    await integration.deliver(notification, call).catch((error: unknown) => {
      log.error('the last resort could not be told', {
        integration: lastResort,
        reason: error instanceof Error ? error.message : String(error),
      });
    });
  }

  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .catch((error: unknown) => log.error('the watchdog could not look', { reason: String(error) }))
      .finally(() => (looking = false));
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}
