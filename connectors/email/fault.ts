import { Fault } from '@signalbox/sdk';

/** What nodemailer puts on its errors, as far as it matters here. */
interface SmtpError {
  readonly code?: string;
  readonly originalCode?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

/** What no waiting changes: the wrong name, or an authority that is not trusted. An expired certificate is about to be renewed. */
const WRONG_CERTIFICATE = new Set([
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * The fault behind a failed send (RFC 5321 §4.2.1: 4yz may pass later, 5yz will not). Messages name the server and its codes only: the
 * words of an answer often repeat an address.
 */
export function faultOfSmtp(host: string, error: unknown): Fault {
  const smtp = Object(error) as SmtpError;
  const { code = 'unknown error', responseCode } = smtp;
  const cause = smtp.originalCode ?? code;
  if (code === 'EABORT') return new Fault('SB_UNAVAILABLE', `${host} did not take the message in time`);
  if (WRONG_CERTIFICATE.has(cause)) {
    const message = `${host} shows a certificate that does not fit (${cause}); check host and ca`;
    return new Fault('SB_CONFIG', message, { field: 'config.host' });
  }
  if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|WRONG_VERSION_NUMBER|NO_PROTOCOLS/.test(cause)) {
    const message = `${host} does not speak the expected TLS (${cause}); check port, security and min_tls`;
    return new Fault('SB_CONFIG', message, { field: 'config.security' });
  }
  if (code === 'ETLS' && responseCode !== undefined && responseCode >= 500) {
    return new Fault('SB_CONFIG', `${host} offers no STARTTLS; nothing was sent in clear`, {
      field: 'config.security',
    });
  }
  if (responseCode !== undefined) return faultOfAnswer(host, smtp);
  if (code === 'ENOAUTH') {
    return new Fault('SB_CONFIG', 'username and password belong together', { field: 'config.password' });
  }
  if (code === 'EAUTH') return new Fault('SB_AUTH', `${host} takes none of the ways to log in`);
  if (code === 'EENVELOPE') return new Fault('SB_REJECTED', `${host} took none of the addresses`);
  return new Fault('SB_UNAVAILABLE', `${host} could not be reached (${cause})`);
}

function faultOfAnswer(host: string, { responseCode: status = 0, response = '', code }: SmtpError): Fault {
  // The enhanced status (RFC 3463) tells an unknown mailbox from a full one, and no personal data.
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  const answer = enhanced === undefined ? String(status) : `${status} ${enhanced}`;
  // 421 is often the answer to too many connections; 503 says that the session is out of step, not that the message is bad.
  if (status < 500 || status === 503)
    return new Fault('SB_UNAVAILABLE', `${host} answered ${answer}`, { status });
  if (code === 'EAUTH' || [530, 534, 535, 538].includes(status)) {
    return new Fault('SB_AUTH', `${host} refused the login (${answer})`, { status });
  }
  return new Fault('SB_REJECTED', `${host} refused the message (${answer})`, { status });
}
