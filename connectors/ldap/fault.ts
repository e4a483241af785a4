import { Fault, isFault } from '@signalbox/sdk';
import type * as Ldapts from 'ldapts';

/** What no waiting changes: a certificate of somebody else. */
const WRONG_CERTIFICATE =
  /ALTNAME|SELF_SIGNED|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY|CERT_UNTRUSTED|HOSTNAME_MISMATCH/;

/**
 * The fault behind a failed call (RFC 4511 §4.1.9). Messages name the server and the kind of error only: what a server says besides
 * may repeat names of people.
 */
export function faultOfLdap(host: string, error: unknown, ldapts: typeof Ldapts): Fault {
  if (isFault(error)) return error;
  if (error instanceof ldapts.InvalidCredentialsError || error instanceof ldapts.InappropriateAuthError)
    return new Fault('SB_AUTH', `${host} refused the bind; check bind_dn and bind_password`);
  if (error instanceof ldapts.InsufficientAccessError || error instanceof ldapts.StrongAuthRequiredError)
    return new Fault('SB_AUTH', `${host} does not let this bind_dn read here`);
  if (error instanceof ldapts.NoSuchObjectError)
    return new Fault('SB_CONFIG', `${host} has no such base`, { field: 'config.searches' });
  if (error instanceof ldapts.InvalidDNSyntaxError)
    return new Fault('SB_CONFIG', `${host} can’t read bind_dn or a base`, { field: 'config.searches' });
  if (error instanceof ldapts.ResultCodeError)
    return new Fault('SB_UNAVAILABLE', `${host} answered with the result ${error.code} of LDAP`);
  const { code = '' } = Object(error) as { code?: string };
  if (WRONG_CERTIFICATE.test(String(code)))
    return new Fault(
      'SB_CONFIG',
      `${host} shows a certificate that does not fit (${code}); check url and ca`,
      {
        field: 'config.ca',
      },
    );
  return new Fault('SB_UNAVAILABLE', `${host} could not be reached (${String(code) || 'no answer'})`);
}
