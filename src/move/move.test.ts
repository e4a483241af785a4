import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test, type TestContext } from 'node:test';
import { startKafka } from '../../test/servers/kafka.ts';
import { startPostgres } from '../../test/servers/postgres.ts';
import { partitionOf } from '../journal/partition.ts';
import { orderingKey } from '../model/fingerprint.ts';
import { openPostgresStore } from '../store/postgres/store.ts';
import { acquireLock } from '../store/lock.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import { verifyBackup } from '../store/manifest.ts';
import { sampleAlert, T0 } from '../store/suite/samples.ts';
import { backupCluster } from './backup-cluster.ts';
import { moveInstallation, type MoveOptions } from './move.ts';
import type { Place } from './place.ts';
import { withSession } from './postgres-session.ts';
import type { MoveProgress } from './progress.ts';
import { restoreCluster } from './restore-cluster.ts';
import { withSource } from './source.ts';
import { ALERTS, fillFolder, UNPROCESSED } from './testing/fill.ts';
import { openSharedJournal } from './open-shared-journal.ts';

const PARTITIONS = 4;
const now = () => T0 + 60_000;

const postgres = await startPostgres({ fsync: false });
const kafka = 'missing' in postgres ? postgres : await startKafka({ brokers: 1 });
if ('missing' in postgres || 'missing' in kafka) {
  const reason = 'missing' in kafka ? kafka.missing : '';
  if (!('missing' in postgres)) await postgres.stop();
  test('moving to servers and back', { skip: reason });
} else {
  after(() => Promise.all([postgres.stop(), kafka.stop()]));
  let prefixes = 0;
  const newServers = async (): Promise<Place & { url: string; journalUrl: string }> => ({
    path: '',
    url: await postgres.newDatabase(),
    journalUrl: `kafka://${kafka.bootstrap.join(',')}/move-${++prefixes}?partitions=${PARTITIONS}`,
  });

  describe('moving to servers and back', () => {
    test('everything arrives, is compared, and comes back the same', async (t) => {
      const folder = await filled(t);
      const servers = await newServers();
      const up = await move(folder, servers);
      assert.equal(up.compared['alerts']?.rows, ALERTS);
      assert.equal(up.compared['records']?.rows, UNPROCESSED);
      assert.equal(up.compared['deliveries']?.rows, 3);
      assert.equal(up.compared['group_members']?.rows, 2);

      const back = await temporaryFolder(t);
      const down = await move(servers, { path: join(back, 'data') });
      assert.deepEqual(down.compared, up.compared);

      const again = await move({ path: join(back, 'data') }, await newServers());
      assert.deepEqual(again.compared, up.compared);
    });

    test('alerts belong to the partition in which their next record comes, and records keep their order per key', async (t) => {
      const servers = await newServers();
      await move(await filled(t), servers);
      const store = await openPostgresStore({ url: servers.url });
      t.after(() => store.close());
      const fingerprint = '000000000000000a';
      const [alert] = await store.alerts([{ tenant: 'default', fingerprint }]);
      const key = orderingKey('default', fingerprint);
      const partition = partitionOf(key, PARTITIONS);
      assert.equal(alert?.partition, partition);
      assert.deepEqual(await store.positions(), []);

      const journal = await openSharedJournal(servers.journalUrl, now);
      t.after(() => journal.close());
      const records = await journal.read(partition, 0, UNPROCESSED);
      const times = records.filter((record) => record.key === key).map(({ at }) => at);
      assert.ok(times.length > 10);
      assert.deepEqual(
        times,
        times.toSorted((left, right) => left - right),
      );
    });

    test('numbers go on where they stopped', async (t) => {
      const servers = await newServers();
      await move(await filled(t), servers);
      const store = await openPostgresStore({ url: servers.url });
      t.after(() => store.close());
      const before = await lastOf(store);
      await store.commit({
        wakes: [{ ...before, groupId: 'g-live' }],
        changes: [{ at: T0, tenant: 'default', kind: 'config', id: 'r', status: 'active' }],
      });
      assert.ok((await lastOf(store)).id > before.id);
    });

    test('a source that was moved and a target that is not yet filled start no hub', async (t) => {
      const folder = await filled(t);
      const servers = await newServers();
      await assert.rejects(move(folder, servers, stopAfter(700)), /stopped by the test/);
      const store = await openPostgresStore({ url: servers.url });
      await assert.rejects(store.adopt({ cluster: 'c', generation: 'g' }), /not yet filled/);
      await store.close();

      await move(folder, servers);
      const source = await openSqliteStore({ path: join(folder.path, 'store.db') });
      await assert.rejects(source.adopt({ cluster: 'c', generation: 'g' }), /everything was moved to/);
      await source.close();
      await assert.rejects(move(folder, await newServers()), { code: 'nothing_to_move' });
    });

    for (const rows of [1, 700, ALERTS + 20, ALERTS + 520, ALERTS + UNPROCESSED - 100]) {
      test(`a move that ended after ${rows} rows goes on when it is repeated`, async (t) => {
        const folder = await filled(t);
        const servers = await newServers();
        await assert.rejects(move(folder, servers, stopAfter(rows)), /stopped by the test/);
        const { resumed, compared } = await move(folder, servers);
        assert.equal(resumed, true);
        assert.equal(compared['records']?.rows, UNPROCESSED);
        const journal = await openSharedJournal(servers.journalUrl, now);
        t.after(() => journal.close());
        const ends = await Promise.all(
          Array.from({ length: PARTITIONS }, (_, partition) => journal.end(partition)),
        );
        assert.equal(
          ends.reduce((sum, end) => sum + end, 0),
          UNPROCESSED,
          'no record is there twice',
        );
      });
    }

    test('a finished move is left alone, unless the source was used since', async (t) => {
      const folder = await filled(t);
      const servers = await newServers();
      await move(folder, servers, { retire: false });
      assert.equal((await move(folder, servers, { retire: false })).repeated, true);

      const store = await openSqliteStore({ path: join(folder.path, 'store.db') });
      await store.commit({
        changes: [{ at: T0, tenant: 'default', kind: 'config', id: 'r', status: 'active' }],
      });
      await store.close();
      await assert.rejects(move(folder, servers), { code: 'target_not_empty' });
    });

    test('a target that holds something is refused and left alone', async (t) => {
      const used = await newServers();
      await move(await filled(t), used);
      await assert.rejects(move(await filled(t), used), { code: 'target_not_empty' });

      const half = { ...(await newServers()), journalUrl: used.journalUrl };
      await assert.rejects(move(await filled(t), half), { code: 'target_not_empty' });
      const folder = await filled(t);
      await assert.rejects(move(used, folder), { code: 'target_not_empty' });
    });

    test('a source or a target that somebody works on is refused', async (t) => {
      const folder = await filled(t);
      const lock = acquireLock(folder.path, 'another hub');
      await assert.rejects(move(folder, await newServers()), { code: 'data_locked' });
      lock.release();

      const servers = await newServers();
      const node = await openPostgresStore({ url: servers.url });
      t.after(() => node.close());
      await node.takeLeases('hub-1.0af3', ['node/process/hub-1'], 60_000);
      await assert.rejects(move(folder, servers), { code: 'in_use', message: /in use by hub-1:/ });
      await node.releaseLeases('hub-1.0af3', ['node/process/hub-1']);
      await move(folder, servers);
      await node.takeLeases('hub-1.0af3', ['node/process/hub-1'], 60_000);
      const back = { path: join(await temporaryFolder(t), 'data') };
      await assert.rejects(move(servers, back), { code: 'in_use' });
    });

    test('while servers are moved away no hub starts on them and no second move begins', async (t) => {
      const servers = await newServers();
      await move(await filled(t), servers);
      const hub = await openPostgresStore({ url: servers.url, statementTimeoutMs: 200 });
      t.after(() => hub.close());
      const identity = await hub.identity();
      await withSource(servers, 'still', now, async () => {
        await assert.rejects(hub.adopt(identity), { code: 'store_unavailable' });
        const other = { path: join(await temporaryFolder(t), 'data') };
        await assert.rejects(move(servers, other), { code: 'in_use' });
      });
      await hub.adopt(identity);
    });

    test('of a running hub one moment is copied, whatever it commits meanwhile', async (t) => {
      const servers = await newServers();
      await move(await filled(t), servers);
      const hub = await openPostgresStore({ url: servers.url });
      t.after(() => hub.close());
      const journal = await openSharedJournal(servers.journalUrl, now);
      t.after(() => journal.close());
      let isChanged = false;
      const changing = Promise.withResolvers<void>();
      const to = join(await temporaryFolder(t), 'backup');
      const manifest = await backupCluster({
        from: servers,
        to,
        now,
        onProgress() {
          if (isChanged) return;
          isChanged = true;
          const alerts = [sampleAlert('new', { partition: 0 })];
          const record = { key: 'k', at: T0, value: 'later' };
          Promise.all([hub.commit({ alerts }), journal.append([record])]).then(
            () => changing.resolve(),
            changing.reject,
          );
        },
      });
      await changing.promise;
      assert.deepEqual([manifest.counts['alerts'], manifest.counts['records']], [ALERTS, UNPROCESSED]);
      assert.deepEqual(await verifyBackup(to), manifest);

      const again = await newServers();
      const restored = await restoreCluster({ from: to, to: again, now });
      assert.equal(restored.compared['alerts']?.rows, ALERTS);
      await assert.rejects(restoreCluster({ from: to, to: servers, now }), { code: 'target_not_empty' });
    });

    test('history lies in the partitions of its days, as if it had been written there', async (t) => {
      const servers = await newServers();
      await move(await filled(t), servers);
      const rows = async (table: string) => {
        const found = await withSession(servers.url, (sql) =>
          sql.get<{ count: number }>(`SELECT count(*) AS count FROM ${table}`),
        );
        return found!.count;
      };
      const day = Math.floor(T0 / 86_400_000);
      assert.deepEqual([await rows(`receipts_day${day}`), await rows('receipts_default')], [2, 0]);
      assert.deepEqual([await rows(`changes_day${day}`), await rows('changes_default')], [2, 0]);
    });

    test('wrong credentials, a newer schema, and a place that is the same are said plainly', async (t) => {
      const folder = await filled(t);
      const servers = await newServers();
      const stranger = new URL(servers.url);
      stranger.username = 'nobody';
      stranger.password = 'a-secret-of-the-test';
      const failed = await move(folder, { ...servers, url: stranger.href }).catch((error: Error) => error);
      assert.ok(failed instanceof Error && 'code' in failed && failed.code === 'store_unavailable');
      assert.doesNotMatch(failed.message, /a-secret-of-the-test/);

      await move(folder, servers);
      postgres.runSync(servers.url, `INSERT INTO schema_versions VALUES (99, 'later', 99, now())`);
      const back = { path: join(await temporaryFolder(t), 'data') };
      await assert.rejects(move(servers, back), { code: 'schema_too_new' });
      await assert.rejects(move(await filled(t), servers), { code: 'schema_too_new' });
      await assert.rejects(move(folder, folder), { code: 'same_place' });
    });

    test('a difference is found, and the target stays shut', async (t) => {
      const folder = await filled(t);
      const servers = await newServers();
      await assert.rejects(move(folder, servers, stopAfter(ALERTS + 200)), /stopped by the test/);
      postgres.runSync(
        servers.url,
        `UPDATE alerts SET severity = 'info' WHERE fingerprint = '000000000000000a'`,
      );
      await assert.rejects(move(folder, servers), { code: 'not_the_same', message: /^alerts: / });
      const store = await openPostgresStore({ url: servers.url });
      t.after(() => store.close());
      await assert.rejects(store.adopt({ cluster: 'c', generation: 'g' }), { code: 'store_mismatch' });
    });
  });
}

function move(from: Place, to: Place, more: Partial<MoveOptions> = {}) {
  return moveInstallation({ from, to, use: 'still', retire: true, now, ...more });
}

/** Ends a move in the middle: the batch of which it is told is there, and nothing after it. */
function stopAfter(rows: number): Pick<MoveOptions, 'onProgress'> {
  return {
    onProgress({ phase, done }: MoveProgress) {
      if (phase === 'copying' && done >= rows) throw new Error('stopped by the test');
    },
  };
}

async function filled(t: TestContext): Promise<{ path: string }> {
  const path = join(await temporaryFolder(t), 'data');
  await fillFolder(path);
  return { path };
}

async function temporaryFolder(t: Pick<TestContext, 'after'>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-move-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

async function lastOf(store: Awaited<ReturnType<typeof openPostgresStore>>) {
  return (await store.inbox(1_000)).at(-1)!;
}
