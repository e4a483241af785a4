import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { Fault } from '@signalbox/sdk';
import type { HttpSettings } from '../model/settings.ts';

/** Certificates and key in PEM. */
export interface TlsTexts {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Reads the files that `http.tls` names and checks that they hold what they should: TLS ignores an authority that is not one.
 *
 * @throws Fault `SB_CONFIG` with the setting whose file can't be read or used
 */
export async function readTls({ caFile, certFile, keyFile }: HttpSettings['tls']): Promise<TlsTexts> {
  const [ca, cert, key] = await Promise.all([
    read('ca_file', caFile),
    read('cert_file', certFile),
    read('key_file', keyFile),
  ]);
  if (ca !== undefined) check('ca_file', () => new X509Certificate(ca));
  if (cert !== undefined || key !== undefined) {
    check('cert_file and http.tls.key_file', () => {
      if (cert === undefined || key === undefined) throw new Error('one without the other');
      createSecureContext({ cert, key });
    });
  }
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

async function read(setting: string, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new Fault('SB_CONFIG', `http.tls.${setting} can't be read (${code})`, {
      field: `http.tls.${setting}`,
      cause,
    });
  }
}

function check(setting: string, use: () => unknown): void {
  try {
    use();
  } catch {
    // What OpenSSL says is left out: it helps nobody and might quote the key.
    const field = `http.tls.${setting.split(' ')[0]}`;
    throw new Fault('SB_CONFIG', `http.tls.${setting} must hold PEM texts that belong together`, { field });
  }
}
