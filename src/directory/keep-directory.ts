import type { Host } from '../host/integration.ts';
import { errorText } from '../lib/error-text.ts';
import type { Logger } from '../lib/log.ts';
import type { Settings } from '../model/settings.ts';
import { checkNames, type NameCheck } from './check-names.ts';
import { indexDirectory, type DirectoryIndex } from './index-directory.ts';
import { readDirectory } from './read-directory.ts';

/** What this process knows of the directory. */
export interface DirectoryState {
  /** Absent: no directory is configured. */
  readonly integration?: string;
  /** When it was read whole the last time; absent: not yet. */
  readonly readAt?: number;
  readonly entries: number;
  /** Why the last reading ended early; what was read before stays. */
  readonly failure?: { readonly at: number; readonly reason: string };
  /** Of the active configuration; absent before the first reading. */
  readonly check?: NameCheck;
}

export interface DirectoryBook {
  state(): DirectoryState;
  /** Reads it when it is time to. Never rejects. */
  tick(): Promise<void>;
  /** Ends a reading that is under way. */
  close(): void;
}

export interface DirectoryContext {
  settings(): Settings;
  host(): Pick<Host, 'integrations'>;
  readonly log: Logger;
  now(): number;
}

/** Reading everything again may take a large directory minutes; longer is most likely a server that hangs. */
const READ_TIMEOUT_MS = 10 * 60_000;
/** After a failure it is tried again sooner than `refresh` says, but not at once. */
const RETRY_MS = 60_000;

interface Reading {
  readonly integration: string;
  readonly triedAt: number;
  readonly readAt?: number;
  readonly index?: DirectoryIndex;
  readonly failure?: NonNullable<DirectoryState['failure']>;
}

/** Keeps what the directory of the organization lists, away from the way of alerts (BR-QUAL-011). */
export function createDirectoryBook({ settings, host, log, now }: DirectoryContext): DirectoryBook {
  const closing = new AbortController();
  let last: Reading | undefined;
  let isReading = false;
  let checked:
    | { readonly of: DirectoryIndex; readonly names: unknown; readonly check: NameCheck }
    | undefined;

  /** What was read of another integration says nothing of this one. */
  const current = (): Reading | undefined =>
    last?.integration === settings().directory?.integration ? last : undefined;

  function checkNow(index: DirectoryIndex): NameCheck {
    const { names = [], directory } = settings();
    if (checked?.of !== index || checked.names !== names)
      checked = { of: index, names, check: checkNames(names, index, directory?.aliases ?? {}) };
    return checked.check;
  }

  async function read(integration: string): Promise<void> {
    const before = current();
    const triedAt = now();
    try {
      const source = host().integrations.get(integration);
      if (!source) throw new Error(`there is no integration ${integration}`);
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(READ_TIMEOUT_MS)]);
      const index = indexDirectory(await readDirectory(source, signal));
      last = { integration, triedAt, readAt: now(), index };
      const { findings } = checkNow(index);
      log.info('the directory was read', { integration, entries: index.size, findings: findings.length });
    } catch (error) {
      if (closing.signal.aborted) return;
      const failure = { at: now(), reason: errorText(error) };
      last = { ...before, integration, triedAt, failure };
      log.warn('the directory could not be read; what was read before stays', { integration, ...failure });
    }
  }

  return {
    state() {
      const { integration } = settings().directory ?? {};
      if (integration === undefined) return { entries: 0 };
      const { readAt, index, failure } = current() ?? {};
      return {
        integration,
        entries: index?.size ?? 0,
        ...(readAt === undefined ? {} : { readAt }),
        ...(failure ? { failure } : {}),
        ...(index ? { check: checkNow(index) } : {}),
      };
    },
    async tick() {
      const { integration, refreshMs = 0 } = settings().directory ?? {};
      if (integration === undefined || isReading) return;
      const reading = current();
      const waitMs = reading?.failure ? Math.min(RETRY_MS, refreshMs) : refreshMs;
      if (reading && now() - reading.triedAt < waitMs) return;
      isReading = true;
      await read(integration).finally(() => (isReading = false));
    },
    close: () => closing.abort(),
  };
}
