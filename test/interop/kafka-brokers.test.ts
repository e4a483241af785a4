import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openKafkaJournal, type KafkaJournal } from '../../src/journal/kafka/journal.ts';
import { parseKafkaUrl } from '../../src/journal/kafka/url.ts';
import { createIds } from '../../src/lib/id.ts';
import { startKafka } from '../servers/kafka.ts';

const WRITERS = 16;
const PARTITIONS = 6;
/** Appends that must be acknowledged before the broker dies, after that, and after it is back. */
const APPENDS = 500;

test('[BR-WH-007] [BR-REL-004] kill -9 of one of three brokers under appends loses nothing that was acknowledged, and work goes on with two', async (t) => {
  const kafka = await startKafka({ brokers: 3 });
  if ('missing' in kafka) return t.skip(kafka.missing);
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => kafka.stop());
  const settings = parseKafkaUrl(`kafka://${kafka.bootstrap.join(',')}/ops?partitions=${PARTITIONS}`);
  const newId = createIds(() => Date.now());
  const journal = await openKafkaJournal({ settings, newId });
  cleanup.defer(() => journal.close());

  const load = startLoad(journal);
  await load.reach(APPENDS);
  await kafka.kill9(0);
  const atDeath = load.acknowledged.size;
  await load.reach(atDeath + APPENDS);
  await kafka.startBroker(0);
  await load.reach(load.acknowledged.size + APPENDS);
  await load.stop();

  const again = await openKafkaJournal({ settings, newId });
  cleanup.defer(() => again.close());
  assert.deepEqual(await again.identity(), await journal.identity());
  const kept = await readEverything(again);
  const lost = [...load.acknowledged].filter(([value, at]) => kept.get(at) !== value);
  assert.deepEqual(lost, []);
  t.diagnostic(
    `${load.acknowledged.size} acknowledged, ${load.refused()} refused, ${kept.size - load.acknowledged.size} records more than acknowledged`,
  );
});

interface Load {
  /** Value → `partition/offset`. */
  readonly acknowledged: ReadonlyMap<string, string>;
  refused(): number;
  /** Resolves when so many are acknowledged. */
  reach(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** Senders that each wait for their answer, and take a refusal as a sender does: they try the next one. */
function startLoad(journal: KafkaJournal): Load {
  const acknowledged = new Map<string, string>();
  const goals: { readonly count: number; readonly reached: () => void }[] = [];
  let refused = 0;
  let serial = 0;
  let isOver = false;
  const write = async () => {
    while (!isOver) {
      const value = `value-${serial++}`;
      try {
        const [position] = await journal.append([{ key: `key-${serial % 100}`, at: 1_000, value }]);
        acknowledged.set(value, `${position!.partition}/${position!.offset}`);
      } catch {
        refused += 1;
      }
      for (const { count, reached } of goals) if (acknowledged.size >= count) reached();
    }
  };
  const writers = Array.from({ length: WRITERS }, write);
  return {
    acknowledged,
    refused: () => refused,
    reach: (count) => new Promise((reached) => goals.push({ count, reached })),
    async stop() {
      isOver = true;
      await Promise.all(writers);
    },
  };
}

/** `partition/offset` → value. */
async function readEverything(journal: KafkaJournal): Promise<ReadonlyMap<string, string>> {
  const kept = new Map<string, string>();
  for (let partition = 0; partition < journal.partitions; partition++) {
    const end = await journal.end(partition);
    for (let offset = 0; offset < end; ) {
      const records = await journal.read(partition, offset, 1_000);
      assert.ok(records.length > 0, `partition ${partition} ends at ${end}, and nothing is at ${offset}`);
      for (const one of records) kept.set(`${partition}/${one.offset}`, one.value);
      offset = records.at(-1)!.offset + 1;
    }
  }
  return kept;
}
