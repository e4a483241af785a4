import { setTimeout as pause } from 'node:timers/promises';
import { openConnection, type Connection } from './connection.ts';
import { acknowledge, leaveOpen, NOTHING_SAID, type Knowledge, type Said } from './crash-model.ts';
import { createRandom } from './random.ts';
import { webhookRequest, type Statement, type Target } from './statement.ts';

/** Everything that the senders know when they stop. */
export interface SenderMemory {
  readonly knowledge: ReadonlyMap<string, Knowledge>;
  /** Of every acknowledged signal. */
  readonly receipts: readonly string[];
  readonly sent: number;
  /** Sent, and the connection ended before an answer. */
  readonly unanswered: number;
  /** Answered with something other than 202. */
  readonly refused: number;
}

export interface Senders {
  /** Ends after the requests under way. */
  stop(): Promise<SenderMemory>;
}

const RECONNECT_MS = 20;

/**
 * Senders that go on whatever happens to the hub, each on one connection with its own keys and one request at a time, so that the
 * order of a key's statements is certain. After a broken connection half of them say the same again, as Alertmanager does, and
 * half never do: then nobody knows whether the hub had it.
 */
export function startSenders(
  target: Target,
  {
    connections,
    keysEach,
    seed,
  }: { readonly connections: number; readonly keysEach: number; readonly seed: number },
): Senders {
  const knowledge = new Map<string, Knowledge>();
  const receipts: string[] = [];
  const counts = { sent: 0, unanswered: 0, refused: 0 };
  let isStopping = false;

  async function run(sender: number): Promise<void> {
    const random = createRandom(seed + sender);
    const newest = new Map<string, Statement>();
    let connection: Connection | undefined;
    let again: Statement | undefined;
    while (!isStopping) {
      connection ??= await openConnection(target.port).catch(() => undefined);
      if (!connection) {
        await pause(RECONNECT_MS);
        continue;
      }
      const key = `crash-${sender}-${Math.floor(random() * keysEach)}`;
      const statement: Statement = again ?? nextStatement(newest.get(key), key, random());
      newest.set(statement.key, statement);
      again = undefined;
      counts.sent++;
      try {
        const { status, body } = await connection.send(webhookRequest(target, [statement]));
        if (status === 202) {
          receipts.push((JSON.parse(body) as { receipt: string }).receipt);
          note(statement, acknowledge);
          continue;
        }
        counts.refused++;
        note(statement, leaveOpen);
        await pause(RECONNECT_MS);
      } catch {
        counts.unanswered++;
        note(statement, leaveOpen);
        connection = undefined;
      }
      if (random() < 0.5) again = statement;
    }
    connection?.close();
  }

  function note(statement: Statement, how: (before: Knowledge, said: Said) => Knowledge): void {
    knowledge.set(statement.key, how(knowledge.get(statement.key) ?? NOTHING_SAID, statement));
  }

  const running = Promise.all(Array.from({ length: connections }, (_, sender) => run(sender)));
  return {
    async stop() {
      isStopping = true;
      await running;
      return { knowledge, receipts, ...counts };
    },
  };
}

/** Begins with "firing"; then each of the two is as likely. */
function nextStatement(before: Statement | undefined, key: string, drawn: number): Statement {
  const now = new Date().toISOString();
  const version = (before?.version ?? 0) + 1;
  if (!before || drawn < 0.5) return { key, version, status: 'firing', startsAt: now };
  return { key, version, status: 'resolved', startsAt: before.startsAt, endsAt: now };
}
