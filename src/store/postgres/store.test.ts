import { storeSuite } from '../store.suite.ts';
import { openPostgresStoreReader } from './reader.ts';
import { openPostgresStore } from './store.ts';
import { withPostgres } from './testing/with-postgres.ts';

await withPostgres('the port on PostgreSQL', (server) => {
  storeSuite('postgres', async () => {
    const url = await server.newDatabase();
    const database = new URL(url).pathname.slice(1);
    /** What a primary does that loses its role: its connections end, and the new ones can only read. */
    const setReadOnly = (value: 'on' | 'off') => {
      server.runSync(server.url, `ALTER DATABASE ${database} SET default_transaction_read_only = ${value}`);
      server.runSync(
        server.url,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}' AND application_name = 'writer'`,
      );
    };
    return {
      open: (options = {}) => openPostgresStore({ url, applicationName: 'writer', ...options }),
      openReader: () => openPostgresStoreReader({ url, applicationName: 'reader' }),
      breakMedium() {
        setReadOnly('on');
        return () => setReadOnly('off');
      },
      remove: () => server.dropDatabase(url),
    };
  });
});
