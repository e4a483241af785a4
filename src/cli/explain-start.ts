import type { Settings } from '../model/settings.ts';
import { CommandError } from './command-error.ts';

type Place = Pick<Settings, 'server' | 'storage'>;

/** PostgreSQL's own codes (manual, appendix A), and what a person changes then. */
const REFUSED_BY_POSTGRES: Readonly<Record<string, string>> = {
  '28P01': 'check user and password in storage.url',
  '28000': 'check the user in storage.url, and pg_hba.conf of the server',
  '3D000': 'create the database, or name another one in storage.url',
  '42501':
    'let the user of storage.url create tables there (GRANT CREATE ON SCHEMA public), or name another one',
  '42P07': 'the database holds tables of something else; name a database of its own in storage.url',
};
/** What TLS calls a certificate that is not that of the server, or that nobody vouches for. */
const CERTIFICATE = /CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)/;
const WITHOUT_TLS = /does not support SSL/i;

/**
 * What a person can do about a start that failed: a message that names the setting to change, and whether changing it is the only way (exit
 * code 2) or the world outside may come round (1). Anything unexpected stays as it is and is reported as our bug.
 */
export function explainStart(error: unknown, place: Place): unknown {
  if (!(error instanceof Error)) return error;
  const said = (kind: 'failed' | 'usage', message: string) =>
    new CommandError(kind, message, { cause: error });
  const { port } = place.server.listen;
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return said(
        'failed',
        `port ${port} is taken by another process; choose one with --listen 127.0.0.1:PORT`,
      );
    case 'EACCES':
      return said('failed', `this user may not use port ${port} or the data folder; see docs/operations.md`);
    case 'bad_postgres_url':
      return said('usage', `storage.url: ${error.message}`);
    case 'store_unavailable':
      return explainPostgres(error, place, said);
    case 'store_mismatch':
      return said('usage', `${error.message} (${settingsOf(place)})`);
    case 'position_beyond_end':
      return said('failed', `${error.message} (${settingsOf(place)})`);
    case 'schema_too_new':
      return said(
        'failed',
        place.storage.url === undefined ? error.message : `storage.url: ${error.message}`,
      );
    case 'journal_settings':
      return said('usage', error.message);
    case 'journal_mismatch':
      return said('usage', `journal.url: ${error.message.replace(/^journal\.url: /, '')}`);
    case 'journal_unavailable':
      if (place.storage.journalUrl === undefined) return error;
      return said('failed', `journal.url: ${error.message}`);
    default:
      return error;
  }
}

function explainPostgres(
  error: Error,
  { storage }: Place,
  said: (kind: 'failed' | 'usage', message: string) => CommandError,
): unknown {
  if (storage.url === undefined) return error;
  const code = codeOf(error.cause) ?? '';
  const advice = REFUSED_BY_POSTGRES[code];
  if (advice !== undefined) return said('usage', `storage.url: ${error.message}; ${advice}`);
  if (CERTIFICATE.test(code)) {
    return said(
      'usage',
      `storage.url: the certificate of the server does not fit: ${error.message}; name the host as its certificate does, and its authority with sslrootcert=FILE`,
    );
  }
  if (WITHOUT_TLS.test(error.message)) {
    return said('usage', `storage.url: ${error.message}; turn TLS on there, or sslmode off here`);
  }
  return said(
    'failed',
    `storage.url: ${error.message}; check that ${hostsOf(storage.url)} is up and takes writes`,
  );
}

/** Hosts and database only: in front of them a password may stand. */
function hostsOf(url: string): string {
  const [, place = 'the server'] = /^[a-z]+:\/\/(?:[^@/?]*@)?([^?]*)/.exec(url) ?? [];
  return place;
}

/** The settings that say which two belong together. */
function settingsOf({ storage }: Place): string {
  if (storage.url === undefined) return `storage.path is ${storage.path}`;
  const journal =
    storage.journalUrl === undefined ? `the journal in storage.path (${storage.path})` : 'journal.url';
  return `storage.url and ${journal} say which two are meant`;
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
