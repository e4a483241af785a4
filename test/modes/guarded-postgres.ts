import { chown, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { PostgresServer } from '../servers/postgres.ts';

export const GUARDED_USER = 'guarded';
export const GUARDED_PASSWORD = 'postgres-pa55word';

/** The tests' own superuser still comes in freely; everybody else by TLS and password. */
const RULES = `
host all signalbox 127.0.0.1/32 trust
hostssl all all 127.0.0.1/32 scram-sha-256
`;

/** Lets a server of the tests demand TLS and a password; resolves with a database that `GUARDED_USER` owns, as `host:port/name`. */
export async function guardPostgres(
  server: PostgresServer,
  { cert, key }: { readonly cert: string; readonly key: string },
): Promise<string> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    const folder = rows[0]!.data_directory;
    const { uid, gid } = await stat(folder);
    for (const [name, text] of Object.entries({
      'server.crt': cert,
      'server.key': key,
      'pg_hba.conf': RULES,
    })) {
      await writeFile(join(folder, name), text, { mode: 0o600 });
      await chown(join(folder, name), uid, gid);
    }
    await client.query('ALTER SYSTEM SET ssl = on');
    await client.query(`CREATE ROLE ${GUARDED_USER} LOGIN PASSWORD '${GUARDED_PASSWORD}'`);
    await client.query(`CREATE DATABASE guarded OWNER ${GUARDED_USER}`);
    await client.query('SELECT pg_reload_conf()');
  } finally {
    await client.end();
  }
  return `${new URL(server.url).host}/guarded`;
}
