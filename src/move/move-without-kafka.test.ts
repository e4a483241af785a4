import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { withPostgres } from '../store/postgres/testing/with-postgres.ts';
import { T0 } from '../store/suite/samples.ts';
import { backupCluster } from './backup-cluster.ts';
import { moveInstallation } from './move.ts';
import type { Place } from './place.ts';
import { restoreCluster } from './restore-cluster.ts';
import { ALERTS, fillFolder, UNPROCESSED } from './testing/fill.ts';

const now = () => T0 + 60_000;
const move = (from: Place, to: Place) => moveInstallation({ from, to, use: 'still', retire: true, now });

await withPostgres(
  'moving to PostgreSQL alone and back',
  (server) => {
    const newServer = async (): Promise<Place> => {
      const url = await server.newDatabase();
      return { path: '', url, journalUrl: `${url}?partitions=4` };
    };

    test('[HNP-027] store and journal arrive in one database, are compared, backed up and restored, and come back the same', async (t) => {
      const root = await mkdtemp(join(tmpdir(), 'signalbox-move-'));
      t.after(() => rm(root, { recursive: true }));
      const folder = { path: join(root, 'from') };
      await fillFolder(folder.path);
      const there = await newServer();
      const up = await move(folder, there);
      assert.deepEqual([up.compared['alerts']?.rows, up.compared['records']?.rows], [ALERTS, UNPROCESSED]);

      const backup = join(root, 'backup');
      await backupCluster({ from: there, to: backup, now });
      const restored = await restoreCluster({ from: backup, to: await newServer(), now });
      assert.deepEqual(restored.compared, up.compared);

      const down = await move(there, { path: join(root, 'back') });
      assert.deepEqual(down.compared, up.compared);
    });
  },
  { prepare: () => Promise.resolve() },
);
