import type { Cluster } from '../cluster.ts';
import type { Fault } from '../fault.ts';

export const fullDisk: Fault = {
  name: 'full-disk',
  title: 'the disk of PostgreSQL is full; then there is room again, and it is started again if it fell',
  spoils: true,
  whyNot: ({ disk }) => ('missing' in disk ? disk.missing : undefined),
  async inject({ cluster: { disk, database } }) {
    if ('missing' in disk) throw new Error(disk.missing);
    // The standby lies on the same disk, and whether it survives is not what is asked here.
    await database.run('ALTER SYSTEM RESET synchronous_standby_names');
    await database.run('SELECT pg_reload_conf()');
    await disk.fill();
  },
  async heal({ cluster }) {
    if ('missing' in cluster.disk) throw new Error(cluster.disk.missing);
    await cluster.disk.free();
    if (await isDown(cluster)) {
      await cluster.postgres.kill9();
      await cluster.postgres.start();
    }
  },
};

async function isDown({ database }: Cluster): Promise<boolean> {
  return database.run('SELECT 1').then(
    () => false,
    () => true,
  );
}
