import { resolve } from 'node:path';
import type { TlsSettings } from '../../model/settings.ts';
import type { Report } from '../../settings/report.ts';
import type { AlertmanagerSettings } from '../config.ts';
import { isGiven, textOf } from '../settings.ts';
import { CIPHER_SUITES, CURVES, TLS_VERSIONS } from './tls-names.ts';
import type { ClientCertificates } from './web-config.ts';

const SECTION = 'tls_server_config';

const DEMANDS: Readonly<Record<string, ClientCertificates['demand']>> = {
  '': 'none',
  NoClientCert: 'none',
  RequestClientCert: 'none',
  RequireAnyClientCert: 'any',
  RequireClientCert: 'any',
  VerifyClientCertIfGiven: 'verified-if-given',
  RequireAndVerifyClientCert: 'verified',
};

/** Each of them makes the listener one of TLS. */
const ENABLING = ['cert', 'cert_file', 'key', 'key_file', 'client_ca', 'client_ca_file', 'client_auth_type'];

export interface ReadTls {
  readonly tls?: TlsSettings;
  readonly certificates: ClientCertificates;
}

/** Reads `tls_server_config`; `folder` is where paths start. */
export function readTls(section: AlertmanagerSettings, folder: string, report: Report): ReadTls {
  const refuse = (key: string | undefined, message: string, code = 'invalid'): void =>
    report.error(key === undefined ? [SECTION] : [SECTION, key], { code, message }, 'key');
  const file = (key: string): string | undefined =>
    isGiven(section, key) ? resolve(folder, textOf(section, key)) : undefined;

  for (const key of ['cert', 'key', 'client_ca']) {
    if (isGiven(section, key)) {
      refuse(
        key,
        `"${key}" has no counterpart; write it to a file and name that as "${key}_file"`,
        'unsupported',
      );
    }
  }
  const certificates = readCertificates(section, refuse);
  const isEnabled = ENABLING.some((key) => isGiven(section, key));
  const [certFile, keyFile, clientCaFile] = [file('cert_file'), file('key_file'), file('client_ca_file')];
  if (isEnabled && certFile === undefined) refuse(undefined, '"cert_file" is missing');
  if (isEnabled && keyFile === undefined) refuse(undefined, '"key_file" is missing');
  const [minVersion, maxVersion] = [version('min_version'), version('max_version')];
  if (maxVersion === 'TLSv1.2' && minVersion === 'TLSv1.3')
    refuse('max_version', 'it is below "min_version"');
  const ciphers = named('cipher_suites', CIPHER_SUITES, 'cipher suite').filter((name) => name !== null);
  const curves = named('curve_preferences', CURVES, 'curve');
  if (certFile === undefined || keyFile === undefined) return { certificates };
  return {
    certificates,
    tls: {
      certFile,
      keyFile,
      minVersion: minVersion ?? 'TLSv1.2',
      ...(maxVersion === undefined ? {} : { maxVersion }),
      ...(ciphers.length === 0 ? {} : { ciphers }),
      ...(curves.length === 0 ? {} : { curves }),
      ...(certificates.demand === 'none' ? {} : { asksForCertificate: true }),
      ...(certificates.demand !== 'none' && clientCaFile !== undefined ? { clientCaFile } : {}),
    },
  };

  function version(key: string): 'TLSv1.2' | 'TLSv1.3' | undefined {
    const written = textOf(section, key);
    if (written === '') return undefined;
    if (Object.hasOwn(TLS_VERSIONS, written)) return TLS_VERSIONS[written];
    refuse(key, `expected TLS12 or TLS13, not ${JSON.stringify(written)}; older ones are not spoken here`);
    return undefined;
  }

  function named<T>(key: string, known: Readonly<Record<string, T>>, what: string): readonly T[] {
    const written = (section[key] ?? []) as readonly string[];
    return written.flatMap((name) => {
      if (Object.hasOwn(known, name)) return [known[name]!];
      refuse(key, `there is no ${what} ${JSON.stringify(name)}; known are ${Object.keys(known).join(', ')}`);
      return [];
    });
  }
}

function readCertificates(
  section: AlertmanagerSettings,
  refuse: (key: string, message: string) => void,
): ClientCertificates {
  const written = textOf(section, 'client_auth_type');
  const demand = Object.hasOwn(DEMANDS, written) ? DEMANDS[written]! : undefined;
  const allowedNames = (section['client_allowed_sans'] ?? []) as readonly string[];
  if (demand === undefined) {
    const known = Object.keys(DEMANDS).filter((name) => name !== '');
    refuse('client_auth_type', `${JSON.stringify(written)} is none of ${known.join(', ')}`);
    return { demand: 'verified', allowedNames };
  }
  const isOpen = written === '' || written === 'NoClientCert';
  if (isOpen && (isGiven(section, 'client_ca_file') || isGiven(section, 'client_ca'))) {
    refuse('client_ca_file', 'an authority of clients does nothing without "client_auth_type"');
  }
  const verifies = demand === 'verified' || demand === 'verified-if-given';
  if (verifies && !isGiven(section, 'client_ca_file')) {
    refuse('client_auth_type', `${written} needs "client_ca_file"`);
  }
  if (allowedNames.length > 0 && demand !== 'any' && demand !== 'verified') {
    const needed = 'RequireAnyClientCert or RequireAndVerifyClientCert';
    refuse('client_allowed_sans', `names are looked at only where "client_auth_type" is ${needed}`);
  }
  return { demand, allowedNames };
}
