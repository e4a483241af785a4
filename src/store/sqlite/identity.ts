import type { Sql } from '../../lib/sqlite.ts';
import type { StoreIdentity } from '../port.ts';
import { StoreMismatch } from '../pairing.ts';

const READ = 'SELECT value FROM meta WHERE name = ?';
const WRITE = 'INSERT INTO meta (name, value) VALUES (?, ?)';

/** Empty texts for a store that belongs to no journal yet. */
export function readIdentity(sql: Sql): StoreIdentity {
  const read = (name: string) => sql.get<{ value: string }>(READ, name)?.value ?? '';
  return { cluster: read('cluster'), generation: read('generation') };
}

export function adoptIdentity(sql: Sql, wanted: StoreIdentity): void {
  sql.transaction(() => {
    const own = readIdentity(sql);
    if (own.cluster === '') {
      sql.run(WRITE, 'cluster', wanted.cluster);
      sql.run(WRITE, 'generation', wanted.generation);
    } else if (own.cluster !== wanted.cluster || own.generation !== wanted.generation) {
      throw new StoreMismatch(
        `The store belongs to the journal of cluster ${own.cluster}, generation ${own.generation}, and not to ` +
          `cluster ${wanted.cluster}, generation ${wanted.generation}. Put both files of one backup into the data folder.`,
      );
    }
  });
}
