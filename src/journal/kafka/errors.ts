import { JournalUnavailable } from '../port.ts';
import { KafkaSettingsError, type KafkaSettings } from './url.ts';

/** The topics in the cluster are not those of this journal, or not as it needs them. The message says which setting to change. */
export class JournalMismatch extends Error {
  readonly code = 'journal_mismatch';
}

/** More causes than this only repeat one another: a client that retries collects one per attempt. */
const MAX_REASONS = 3;

/** What OpenSSL calls a certificate that no known authority stands for. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
/** The last comes with a token: the broker refuses it with a challenge, and the client goes on as if it were in. */
const REFUSED_SIGN_IN = ['SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE'];

/** What the client met, in one sentence: the innermost causes, each once. */
export function reasonOf(error: unknown): string {
  const found = new Set<string>();
  collectReasons(error, found);
  return [...found].slice(0, MAX_REASONS).join('; ') || 'no reason was given';
}

function collectReasons(error: unknown, found: Set<string>): void {
  if (error instanceof AggregateError && error.errors.length > 0) {
    for (const inner of error.errors) collectReasons(inner, found);
  } else if (error instanceof Error && error.cause !== undefined) {
    collectReasons(error.cause, found);
  } else {
    found.add(error instanceof Error ? error.message : String(error));
  }
}

/** Whether Kafka answered with this error, by the protocol's own name for it (https://kafka.apache.org/protocol#protocol_error_codes). */
export function hasKafkaError(error: unknown, name: string): boolean {
  return someError(error, (one) => 'apiId' in one && one.apiId === name);
}

/**
 * An error of the client as the journal's callers know it. A refused sign-in becomes an error of the setting behind it, and one of the
 * settings stays what it is.
 *
 * @param doing what was tried, as the end of "while …"
 */
export function journalError(error: unknown, doing: string, settings: KafkaSettings): Error {
  if (error instanceof JournalMismatch || error instanceof JournalUnavailable) return error;
  const ofSettings = findError(error, (one) => one instanceof KafkaSettingsError);
  if (ofSettings) return ofSettings;
  const distrust = findError(error, (one) => 'code' in one && UNTRUSTED.has(String(one.code)));
  if (distrust) {
    return new KafkaSettingsError(
      'ca',
      `the certificate of the brokers is not trusted (${distrust.message}); let ca name the file with their authority`,
      { cause: error },
    );
  }
  const misnamed = findError(error, (one) => 'code' in one && one.code === 'ERR_TLS_CERT_ALTNAME_INVALID');
  if (misnamed) {
    return new KafkaSettingsError(
      'host',
      `the certificate of a broker is made out to another name (${misnamed.message}); name the brokers as their certificates do`,
      { cause: error },
    );
  }
  if (hasKafkaError(error, 'INVALID_REPLICATION_FACTOR')) {
    return new KafkaSettingsError(
      'replication',
      `the cluster has fewer brokers than copies are wanted (${settings.replication ?? 'the default'}); lower replication, or start more brokers`,
      { cause: error },
    );
  }
  if (REFUSED_SIGN_IN.some((name) => hasKafkaError(error, name))) return refusedSignIn(error, settings);
  const where = `Kafka (${settings.brokers.join(', ')}) failed while ${doing}`;
  return new JournalUnavailable(`${where}: ${reasonOf(error)}${hintOf(error, settings)}`, { cause: error });
}

/** A broker that is spoken to in the wrong protocol says nothing and hangs up. */
function hintOf(error: unknown, { tls, sasl }: KafkaSettings): string {
  if (tls && someError(error, ({ message }) => /before secure TLS connection/.test(message)))
    return '. If the brokers are up they may speak no TLS on that port; leave tls out of journal.url';
  const lacking = [...(tls ? [] : ['tls=true']), ...(sasl ? [] : ['sasl'])];
  const hungUp = someError(error, ({ message }) => /^Connection closed|^Broker requires TLS/.test(message));
  if (!hungUp || lacking.length === 0) return '';
  return `. If the brokers are up they may want ${lacking.join(' or ')} in journal.url`;
}

function refusedSignIn(error: unknown, { sasl }: KafkaSettings): KafkaSettingsError {
  if (!sasl) return new KafkaSettingsError('sasl', 'the brokers want a sign-in; add sasl', { cause: error });
  if (hasKafkaError(error, 'UNSUPPORTED_SASL_MECHANISM')) {
    return new KafkaSettingsError('sasl', `the brokers don't offer sasl=${sasl.mechanism.toLowerCase()}`, {
      cause: error,
    });
  }
  if (sasl.mechanism === 'OAUTHBEARER') {
    return new KafkaSettingsError('token_file', 'the brokers refused the token of token_file', {
      cause: error,
    });
  }
  const parameter = sasl.password === undefined ? 'password_file' : 'password';
  return new KafkaSettingsError(
    parameter,
    `the brokers refused user "${sasl.user}" (sasl=${sasl.mechanism.toLowerCase()}); check the user and ${parameter}`,
    { cause: error },
  );
}

function someError(error: unknown, fits: (one: Error) => boolean): boolean {
  return findError(error, fits) !== undefined;
}

function findError(error: unknown, fits: (one: Error) => boolean): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  if (fits(error)) return error;
  const inner = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  for (const one of [...inner, error.cause]) {
    const found = findError(one, fits);
    if (found) return found;
  }
  return undefined;
}
