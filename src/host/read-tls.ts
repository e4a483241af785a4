import { readFile } from 'node:fs/promises';
import { Fault } from '@signalbox/sdk';
import type { HttpSettings } from '../model/settings.ts';

/** Certificates and key in PEM. */
export interface TlsTexts {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Reads the files that `http.tls` names.
 *
 * @throws Fault `SB_CONFIG` with the setting whose file can't be read
 */
export async function readTls({ caFile, certFile, keyFile }: HttpSettings['tls']): Promise<TlsTexts> {
  const [ca, cert, key] = await Promise.all([
    read('ca_file', caFile),
    read('cert_file', certFile),
    read('key_file', keyFile),
  ]);
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
