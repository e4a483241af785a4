import { StoreMismatch } from '../pairing.ts';
import type { StoreIdentity } from '../port.ts';
import { inTransaction, type Sql } from './sql.ts';

const READ = `SELECT name, value FROM meta WHERE name IN ('cluster', 'generation')`;
/** Of nodes that start together one is first, and the others wait here to see what it wrote. */
const WRITE = `INSERT INTO meta (name, value) VALUES ('cluster', $1), ('generation', $2) ON CONFLICT (name) DO NOTHING`;

/** Empty texts for a store that belongs to no journal yet. */
export async function readIdentity(sql: Sql): Promise<StoreIdentity> {
  const found = new Map(
    (await sql.all<{ name: string; value: string }>(READ)).map(({ name, value }) => [name, value]),
  );
  return { cluster: found.get('cluster') ?? '', generation: found.get('generation') ?? '' };
}

export async function adoptIdentity(sql: Sql, wanted: StoreIdentity): Promise<void> {
  await inTransaction(sql, async () => {
    const [, own] = await Promise.all([sql.run(WRITE, wanted.cluster, wanted.generation), readIdentity(sql)]);
    if (own.cluster !== wanted.cluster || own.generation !== wanted.generation) {
      throw new StoreMismatch(
        `The store belongs to the journal of cluster ${own.cluster}, generation ${own.generation}, and not to ` +
          `cluster ${wanted.cluster}, generation ${wanted.generation}. Use the database and the journal of one cluster, or restore both from one backup.`,
      );
    }
  });
}
