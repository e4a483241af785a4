// One rehearsal of the API, in a thread of its own: it may take long, and the hub goes on meanwhile. It reads journal and store, and writes nothing
// but a store that is gone afterwards.
import { parentPort, workerData } from 'node:worker_threads';
import { openJournalReader, openScratchStore, openStoreReader } from './drivers.ts';
import { loadConnectors, type LoadedConnectors } from './host/load-connectors.ts';
import { errorText } from './lib/error-text.ts';
import type { Settings } from './model/settings.ts';
import { backTest } from './rehearsal/back-test.ts';
import type { BackTestRequest, FromRehearsal, PayloadRequest, RehearsalData } from './rehearsal/job.ts';
import { playPayload } from './rehearsal/play-payload.ts';
import { presentBackTest, type BackTestView } from './rehearsal/present-back-test.ts';
import { presentPlay, type PlayView } from './rehearsal/present-play.ts';
import { readSilences } from './rehearsal/read-silences.ts';
import { RehearsalError } from './rehearsal/rehearsal-error.ts';
import { formatFinding } from './settings/finding.ts';
import { ForeignFile } from './settings/foreign-file.ts';
import { loadSettings } from './settings/load.ts';
import { unpackSettings } from './settings/transfer.ts';
import type { Store } from './store/port.ts';

const PROGRESS_STEP = 0.01;

const { request, settings: packed, storage, externalConnectors } = workerData as RehearsalData;
const say = (message: FromRehearsal): void => parentPort!.postMessage(message);

try {
  const connectors = await loadConnectors({ external: externalConnectors });
  const settings = await candidateOf(connectors);
  const startAt = request.kind === 'payload' ? request.at : request.from;
  const store = await openScratchStore(() => startAt);
  try {
    const result =
      request.kind === 'payload'
        ? await play(request, settings, connectors, store)
        : await replay(request, settings, connectors, store);
    say({ kind: 'done', result });
  } finally {
    await store.close();
  }
} catch (error) {
  const code = error instanceof RehearsalError ? error.code : 'broken';
  const detail = error instanceof Error ? error.message : String(error);
  say({ kind: 'failed', code, detail, stack: errorText(error) });
}

async function candidateOf(connectors: LoadedConnectors): Promise<Settings> {
  const { config, profile } = request;
  if (config === undefined) return unpackSettings(packed);
  const loaded = await loadSettings({
    files: [],
    text: { name: 'config', text: config },
    isForeign: true,
    env: {},
    profile,
    connectors: [...connectors.connectors.values()],
    brokenConnectors: connectors.broken.map(({ id }) => id),
  }).catch((error: unknown) => {
    throw error instanceof ForeignFile ? new RehearsalError('invalid', error.message) : error;
  });
  if (loaded.ok) return loaded.settings;
  throw new RehearsalError('invalid', loaded.errors.map(formatFinding).join('\n'));
}

async function play(
  asked: PayloadRequest,
  settings: Settings,
  connectors: LoadedConnectors,
  store: Store,
): Promise<PlayView> {
  const { integration, headers, contentType, body, at, forMs, everyMs } = asked;
  const silences = asked.silences ? await storedSilences(at) : [];
  const input = { settings, connectors, integration, now: at, store, silences, forMs, everyMs };
  return presentPlay(await playPayload({ ...input, request: { headers, contentType, body } }));
}

async function storedSilences(at: number) {
  const reader = await openStoreReader(storage);
  return readSilences(reader, at).finally(() => reader.close());
}

async function replay(
  asked: BackTestRequest,
  settings: Settings,
  { connectors }: LoadedConnectors,
  store: Store,
): Promise<BackTestView> {
  const journal = await openJournalReader(storage, {
    durableEnds: undefined,
    onRecords: () => {},
    now: () => asked.to,
  });
  try {
    const reader = await openStoreReader(storage);
    let told = 0;
    const onProgress = (share: number): void => {
      if (share - told < PROGRESS_STEP) return;
      told = share;
      say({ kind: 'progress', share });
    };
    return await backTest({ ...asked, settings, connectors, store, journal, reader, onProgress })
      .then(presentBackTest)
      .finally(() => reader.close());
  } finally {
    await journal.close();
  }
}
