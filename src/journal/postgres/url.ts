import { BadPostgresUrl, splitHosts } from '../../store/postgres/hosts.ts';
import { JournalSettingsError } from './errors.ts';

/** Where the journal is, as `journal.url` says it. */
export interface PostgresJournalSettings {
  /** For the connections: without what only the journal understands. */
  readonly url: string;
  /** Default 16, when the journal is made. */
  readonly partitions?: number;
}

const PARTITIONS = 'partitions';
export const MAX_PARTITIONS = 512;

/**
 * Reads `postgres://user@host[:port],…/database?partitions=16`. Everything but `partitions` is PostgreSQL's own.
 *
 * @throws JournalSettingsError
 * @example
 * parsePostgresJournalUrl('postgres://hub@a,b/ops?partitions=8') // { url: 'postgres://hub@a,b/ops', partitions: 8 }
 */
export function parsePostgresJournalUrl(text: string): PostgresJournalSettings {
  const [place = '', query = ''] = text.split(/\?(.*)/s);
  const parameters = new URLSearchParams(query);
  const said = parameters.get(PARTITIONS);
  const kept = query.split('&').filter((one) => one !== '' && !one.startsWith(`${PARTITIONS}=`));
  const url = kept.length === 0 ? place : `${place}?${kept.join('&')}`;
  checkHosts(url);
  if (said === null) return { url };
  const partitions = /^\d{1,3}$/.test(said) ? Number(said) : 0;
  if (partitions < 1 || partitions > MAX_PARTITIONS) {
    throw new JournalSettingsError(
      `journal.url: partitions takes a whole number from 1 to ${MAX_PARTITIONS}`,
    );
  }
  return { url, partitions };
}

function checkHosts(url: string): void {
  try {
    splitHosts(url);
  } catch (error) {
    if (!(error instanceof BadPostgresUrl)) throw error;
    throw new JournalSettingsError(`journal.url: ${error.message}`);
  }
}
