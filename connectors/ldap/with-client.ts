import { isIP } from 'node:net';
import { Fault, type Context } from '@signalbox/sdk';
import type { Client } from 'ldapts';
import type { LdapConfig } from './config.ts';
import { faultOfLdap } from './fault.ts';

const CONNECT_MS = 10_000;
const OPERATION_MS = 60_000;

/** A connection of its own, secured and bound before `work` has it, and ended after it or with the signal. */
export async function withClient<T>(
  { config, signal }: Context<LdapConfig>,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const { url, start_tls: startTls, ca, bind_dn: bindDn, bind_password: password } = config;
  if ((bindDn === undefined) !== (password === undefined))
    throw new Fault('SB_CONFIG', '`bind_dn` and `bind_password` belong together', {
      field: 'config.bind_password',
    });
  const ldapts = await import('ldapts');
  const tls = { minVersion: 'TLSv1.2' as const, ...(ca === undefined ? {} : { ca }) };
  const isSecure = url.startsWith('ldaps:');
  const client = new ldapts.Client({
    url,
    connectTimeout: CONNECT_MS,
    timeout: OPERATION_MS,
    ...(isSecure ? { tlsOptions: tls } : {}),
  });
  const end = (): void => void client.unbind().catch(() => undefined);
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => {
    aborted.reject(new Fault('SB_UNAVAILABLE', `${hostOf(url)} did not answer in time`));
    end();
  };
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([
      aborted.promise,
      (async () => {
        if (!isSecure && startTls) await client.startTLS({ ...tls, ...serverNameOf(hostOf(url)) });
        if (bindDn !== undefined) await client.bind(bindDn, password);
        return work(client);
      })(),
    ]);
  } catch (error) {
    throw faultOfLdap(hostOf(url), error, ldapts);
  } finally {
    signal.removeEventListener('abort', abort);
    aborted.promise.catch(() => undefined);
    await client.unbind().catch(() => undefined);
  }
}

/** An address stands in no server name (RFC 6066 §3); the certificate is compared with it all the same. */
function serverNameOf(host: string): { readonly host: string; readonly servername?: string } {
  return isIP(host) === 0 ? { host, servername: host } : { host };
}

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}
