import { setTimeout as pause } from 'node:timers/promises';
import { commandRecord } from '../lifecycle/command-record.ts';
import type { Alert } from '../model/alert.ts';
import type { AlertCommand, CommandOutcome } from '../model/alert-command.ts';
import { formatReceipt } from '../model/receipt.ts';
import type { ReceiptRow } from '../store/port.ts';
import type { Services } from './services.ts';

/** How long a caller waits for the owner of an alert before it is sent to the receipt; shorter than the time-out of the API itself. */
export const APPLY_TIMEOUT_MS = 10_000;
/** Commits announce themselves, and an announcement may be lost or come from another node. */
const LOOK_MS = 100;

export interface AlertWish {
  readonly alert: Alert;
  readonly command: AlertCommand;
}

export interface WishCaller {
  readonly requestId: string;
  readonly idempotencyKey?: string | undefined;
  readonly newId: () => string;
  readonly timeoutMs?: number;
}

/** What became of a command. Without an outcome it is on disk and not applied yet. */
export interface WishResult {
  readonly receipt: string;
  readonly outcome?: CommandOutcome;
}

/**
 * Appends commands to the journal, each behind what the sources of its alert have said, and waits until their owners have applied them
 * (design §2.4). In the order of the wishes.
 */
export async function commandAlerts(
  services: Services,
  wishes: readonly AlertWish[],
  { requestId, idempotencyKey, newId, timeoutMs = APPLY_TIMEOUT_MS }: WishCaller,
): Promise<readonly WishResult[]> {
  if (wishes.length === 0) return [];
  const now = services.now();
  const ids = wishes.map(() => newId());
  const { partitions } = services.journal;
  const positions = await services.append(
    wishes.map(({ alert, command }, index) =>
      commandRecord(alert, command, { id: ids[index]!, idempotencyKey, requestId, now }, partitions),
    ),
  );
  const found = await awaitReceipts(services, ids, timeoutMs);
  return Promise.all(
    ids.map(async (id, index) => {
      const receipt = formatReceipt(id, positions[index]!);
      const outcome = await outcomeOf(services, found.get(id));
      return { receipt, ...(outcome && { outcome }) };
    }),
  );
}

async function awaitReceipts(
  { reader, onChange }: Pick<Services, 'reader' | 'onChange'>,
  ids: readonly string[],
  timeoutMs: number,
): Promise<ReadonlyMap<string, ReceiptRow>> {
  const found = new Map<string, ReceiptRow>();
  const ended = AbortSignal.timeout(timeoutMs);
  let look = new AbortController();
  const stop = onChange(() => look.abort());
  try {
    for (;;) {
      // Made anew before looking, so that a commit between the look and the pause cuts the pause short.
      look = new AbortController();
      for (const id of ids) {
        if (found.has(id)) continue;
        const row = await reader.receipt(id);
        if (row) found.set(id, row);
      }
      if (found.size === ids.length || ended.aborted) return found;
      await pause(LOOK_MS, undefined, { signal: AbortSignal.any([look.signal, ended]) }).catch(
        () => undefined,
      );
    }
  } finally {
    stop();
  }
}

/** A repeat under the same idempotency key has the outcome of the first; its row may be forgotten already. */
async function outcomeOf(
  { reader }: Pick<Services, 'reader'>,
  row: ReceiptRow | undefined,
): Promise<CommandOutcome | undefined> {
  if (row?.duplicateOf === undefined) return row?.outcome;
  return (await reader.receipt(row.duplicateOf))?.outcome ?? { ok: true, changed: false };
}
