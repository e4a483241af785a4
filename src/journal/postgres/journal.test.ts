import { withPostgres } from '../../store/postgres/testing/with-postgres.ts';
import { createIds } from '../../lib/id.ts';
import { journalSuite } from '../journal.suite.ts';
import { openPostgresJournal } from './journal.ts';

const newId = createIds(() => Date.now());
/** Short, so that a test of refusals doesn't wait long; appends that are taken need milliseconds. */
const APPEND_TIMEOUT_MS = 1_500;

await withPostgres(
  'the journal on PostgreSQL',
  (server) => {
    journalSuite('postgres', async () => {
      const url = await server.newDatabase();
      const database = new URL(url).pathname.slice(1);
      /** What a primary does that loses its role: its connections end, and the new ones can only read. */
      const setReadOnly = (value: 'on' | 'off') => {
        server.runSync(server.url, `ALTER DATABASE ${database} SET default_transaction_read_only = ${value}`);
        server.runSync(
          server.url,
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}' AND application_name = 'journal'`,
        );
      };
      return {
        open: ({ partitions = 1, maxBytes } = {}) =>
          openPostgresJournal({
            settings: { url, partitions },
            newId,
            applicationName: 'journal',
            appendTimeoutMs: APPEND_TIMEOUT_MS,
            ...(maxBytes === undefined ? {} : { maxBytes }),
          }),
        breakMedium() {
          setReadOnly('on');
          return () => setReadOnly('off');
        },
        remove: () => server.dropDatabase(url),
      };
    });
  },
  { prepare: () => Promise.resolve() },
);
