// What one journal can't show: several processes on one database, and servers that break.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { openSession, untilBlocked, withPostgres } from '../../store/postgres/testing/with-postgres.ts';
import { createIds } from '../../lib/id.ts';
import type { Journal, NewRecord } from '../port.ts';
import { MAX_RECORD_BYTES } from './append-queue.ts';
import { openPostgresJournal, type PostgresJournalOptions } from './journal.ts';
import { startFaultyWay } from './testing/faulty-way.ts';

const newId = createIds(() => Date.now());
const record = (value: string, key = 'k'): NewRecord => ({ key, at: 1_000, value });
/** Generous: a server that crashed reads all its files first. */
const RECOVERY_MS = 60_000;
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const UNAVAILABLE = { code: 'journal_unavailable' };

await withPostgres(
  'a journal of several nodes',
  (server) => {
    const open = async (
      t: TestContext,
      url: string,
      { partitions, ...more }: Partial<PostgresJournalOptions> & { partitions?: number } = {},
    ) => {
      const settings = partitions === undefined ? { url } : { url, partitions };
      const journal = await openPostgresJournal({ settings, newId, ...more });
      t.after(() => journal.close());
      return journal;
    };
    const valuesOf = async (journal: Journal, partition = 0) =>
      (await journal.read(partition, 0, 10_000)).map(({ value }) => value);

    test('nodes that open a new journal at the same time agree on its identity and its 16 partitions', async (t) => {
      const url = await server.newDatabase();
      const journals = await Promise.all(upTo(4).map(() => open(t, url)));
      const identities = await Promise.all(journals.map((journal) => journal.identity()));
      for (const identity of identities) assert.deepEqual(identity, identities[0]);
      assert.deepEqual(
        journals.map(({ partitions }) => partitions),
        [16, 16, 16, 16],
      );
      await assert.rejects(open(t, url, { partitions: 8 }), {
        code: 'journal_mismatch',
        message: /has 16 partitions, not 8; set partitions=16 in journal\.url/,
      });
    });

    test('[BR-WH-010] while several nodes append, a reader never sees a gap, and every record stands once at the place that was answered', async (t) => {
      const url = await server.newDatabase();
      const partitions = 3;
      const writers = await Promise.all(upTo(4).map(() => open(t, url, { partitions })));
      const reader = await open(t, url);
      let isOver = false;
      const seen = upTo(partitions).map((): string[] => []);
      const watch = async (partition: number): Promise<void> => {
        for (;;) {
          const wasOver = isOver;
          const from = seen[partition]!.length;
          const found = await reader.read(partition, from, 50);
          found.forEach(({ offset }, index) => assert.equal(offset, from + index, 'no gap'));
          seen[partition]!.push(...found.map(({ value }) => value));
          if (wasOver && found.length === 0) return;
        }
      };
      const watching = upTo(partitions).map(watch);
      const answered = await Promise.all(
        writers.flatMap((writer, node) =>
          upTo(60).map(async (serial) => {
            const values = upTo(3).map((part) => `${node}/${serial}/${part}`);
            const positions = await writer.append(values.map((value) => record(value, `key-${value}`)));
            return values.map((value, index) => ({ value, position: positions[index]! }));
          }),
        ),
      );
      isOver = true;
      await Promise.all(watching);
      const all = answered.flat();
      assert.equal(seen.flat().length, all.length);
      for (const { value, position } of all) assert.equal(seen[position.partition]![position.offset], value);
    });

    for (const [fault, what] of [
      ['after', 'was committed'],
      ['held', 'is committed only after it was sent again'],
      ['never', 'never arrived'],
    ] as const) {
      test(`[BR-REL-004] [BR-WH-007] a batch whose COMMIT got no answer and ${what} is there once, at the place that is answered`, async (t) => {
        const url = await server.newDatabase();
        const way = await startFaultyWay(Number(new URL(url).port));
        t.after(() => way.close());
        const direct = await open(t, url, { partitions: 1 });
        const journal = await open(t, way.leadTo(url));
        await journal.append([record('before')]);
        way.breakNextCommit(fault);
        assert.deepEqual(await journal.append([record('a'), record('b')]), [
          { partition: 0, offset: 1 },
          { partition: 0, offset: 2 },
        ]);
        await direct.append([record('c')]);
        await journal.append([record('d')]);
        await way.letGo();
        assert.deepEqual(await valuesOf(direct), ['before', 'a', 'b', 'c', 'd']);
        assert.equal(way.broken(), 1);
      });
    }

    test('[BR-REL-004] after a crash what was acknowledged is there, and an append that waits meanwhile is taken', async (t) => {
      const url = await server.newDatabase();
      const journal = await open(t, url, { partitions: 1, appendTimeoutMs: RECOVERY_MS });
      await journal.append([record('before')]);
      await server.kill9();
      await assert.rejects(journal.read(0, 0, 1), UNAVAILABLE);
      const waiting = journal.append([record('meanwhile')]);
      await server.start();
      assert.deepEqual(await waiting, [{ partition: 0, offset: 1 }]);
      assert.deepEqual(await valuesOf(journal), ['before', 'meanwhile']);
    });

    test('an append waits for a node that stands still, and is refused when its time is over', async (t) => {
      const url = await server.newDatabase();
      const journal = await open(t, url, { partitions: 1, appendTimeoutMs: 600 });
      const session = await openSession(url);
      t.after(() => session.close());
      await session.sql.run('BEGIN');
      await session.sql.run('SELECT FROM journal_partitions WHERE partition = 0 FOR UPDATE');
      const waiting = journal.append([record('late')]);
      await untilBlocked(server, session);
      await assert.rejects(waiting, UNAVAILABLE);
      await session.sql.run('COMMIT');
      await journal.append([record('next')]);
      // The refused one may still have arrived, whole: that is why a sender may repeat it.
      assert.ok((await valuesOf(journal)).includes('next'));
    });

    test('a record that is too large is refused by itself, before anything is written', async (t) => {
      const journal = await open(t, await server.newDatabase(), { partitions: 1 });
      const large = journal.append([record('x'.repeat(MAX_RECORD_BYTES + 1))]);
      await Promise.all([
        assert.rejects(large, { code: 'record_too_large' }),
        journal.append([record('small')]),
      ]);
      assert.deepEqual(await valuesOf(journal), ['small']);
    });

    test('[BR-WH-007] what other nodes append counts against the cap, and a trim by another node makes room', async (t) => {
      const url = await server.newDatabase();
      const [small, other] = [await open(t, url, { partitions: 1, maxBytes: 250_000 }), await open(t, url)];
      await other.append([record('x'.repeat(200_000))]);
      await small.append([record('y')]);
      await assert.rejects(small.append([record('z'.repeat(100_000))]), { code: 'journal_full' });
      assert.equal(await small.bytes(), await other.bytes());
      assert.equal(await other.trim(0, 1), 1);
      // The refusal makes it look again, and this waits for the look.
      await small.append([record('z'.repeat(100_000))]).catch(() => small.bytes());
      await small.append([record('z'.repeat(100_000))]);
      await other.trim(0, 99);
      assert.equal(await other.bytes(), 0);
    });

    test('a database set to acknowledge early still has an acknowledged record on the disk', async (t) => {
      const url = await server.newDatabase();
      server.runSync(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET synchronous_commit = off`);
      const journal = await open(t, url, { partitions: 1 });
      await journal.append([record('kept')]);
      await server.kill9();
      await server.start();
      assert.deepEqual(await valuesOf(journal), ['kept']);
    });

    test('[BR-SCALE-001] a reader is told of other nodes’ appends, and finds them without being told', async (t) => {
      const url = await server.newDatabase();
      const news = new EventEmitter();
      const writer = await open(t, url, { partitions: 1 });
      const follower = await open(t, url, {
        applicationName: 'follower',
        onRecords: () => news.emit('records'),
      });
      const told = once(news, 'records');
      await writer.append([record('a')]);
      await told;
      assert.deepEqual(await valuesOf(follower), ['a']);
      assert.deepEqual(await follower.read(0, 1, 10), []);

      // As a node does that dies between its commit and the announcement.
      const found = once(news, 'records');
      server.runSync(
        url,
        `INSERT INTO journal_records VALUES (0, 1, 1, 'k', 'b'); UPDATE journal_partitions SET next = 2`,
      );
      await found;
      assert.deepEqual(await valuesOf(follower), ['a', 'b']);
    });

    test('[HNP-090] a journal of a newer program is refused and left as it is', async (t) => {
      const url = await server.newDatabase();
      await open(t, url);
      server.runSync(url, `INSERT INTO journal_schema_versions VALUES (9, 'future', 9, now())`);
      await assert.rejects(open(t, url), {
        code: 'journal_mismatch',
        message: /^The database has journal schema 9, .*Start the newer program/,
      });
    });
  },
  { prepare: () => Promise.resolve() },
);
