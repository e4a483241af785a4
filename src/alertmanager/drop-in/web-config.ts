import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { TlsSettings } from '../../model/settings.ts';
import { formatFinding } from '../../settings/finding.ts';
import { createReport, type Report } from '../../settings/report.ts';
import type { AlertmanagerSettings } from '../config.ts';
import { readYaml } from '../read-yaml.ts';
import { isGiven, sectionOf, textOf } from '../settings.ts';
import { bool, section, text, textMap, texts } from '../shape-http.ts';
import { decode, type Shape } from '../shape.ts';

/** https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md */
const DOCUMENT: Shape = section({
  tls_server_config: section({
    cert: text,
    key: text,
    client_ca: text,
    cert_file: text,
    key_file: text,
    client_auth_type: text,
    client_ca_file: text,
    client_allowed_sans: texts,
    min_version: text,
    max_version: text,
    cipher_suites: texts,
    prefer_server_cipher_suites: bool,
    curve_preferences: texts,
  }),
  http_server_config: section({ http2: bool, headers: textMap }),
  basic_auth_users: textMap,
});

export interface WebConfig {
  readonly tls?: TlsSettings;
  /** Nobody without a certificate of the authority is served. */
  readonly needsCertificate: boolean;
}

export type LoadedWebConfig =
  | { readonly ok: true; readonly web: WebConfig }
  | { readonly ok: false; readonly problem: string };

/** Reads the file of `--web.config.file`. What it asks for and is not here is refused, because it keeps people out. */
export async function loadWebConfig(file: string): Promise<LoadedWebConfig> {
  if (file === '') return { ok: true, web: { needsCertificate: false } };
  let source: string;
  try {
    source = await readFile(file, 'utf8');
  } catch (error) {
    return { ok: false, problem: `${file}: can’t be read (${(error as NodeJS.ErrnoException).code})` };
  }
  const { value, tree, findings } = readYaml(source, file);
  const report = createReport(tree);
  const document = (decode(DOCUMENT, value, [], report) ?? {}) as AlertmanagerSettings;
  for (const finding of findings) report.add(finding);
  const web = readWebConfig(document, dirname(file), report);
  if (report.errors.length > 0) return { ok: false, problem: report.errors.map(formatFinding).join('; ') };
  return { ok: true, web };
}

/** Where the name of a setting says who may come in. */
const UNSUPPORTED = ['cert', 'key', 'client_ca', 'client_allowed_sans', 'max_version'];

function readWebConfig(document: AlertmanagerSettings, folder: string, report: Report): WebConfig {
  const refuse = (path: readonly string[], message: string): void =>
    report.error(path, { code: 'unsupported', message }, 'key');
  if (Object.keys(sectionOf(document, 'basic_auth_users')).length > 0) {
    refuse(
      ['basic_auth_users'],
      'passwords by bcrypt have no counterpart; put a proxy that asks for them in front',
    );
  }
  const tls = sectionOf(document, 'tls_server_config');
  for (const key of UNSUPPORTED) {
    const given = Array.isArray(tls[key]) ? tls[key].length > 0 : isGiven(tls, key);
    if (given) refuse(['tls_server_config', key], `"${key}" has no counterpart`);
  }
  const wanted = textOf(tls, 'client_auth_type') || 'NoClientCert';
  const needsCertificate = wanted === 'RequireAndVerifyClientCert';
  if (!needsCertificate && wanted !== 'NoClientCert') {
    const message = 'expected NoClientCert or RequireAndVerifyClientCert; the others have no counterpart';
    refuse(['tls_server_config', 'client_auth_type'], message);
  }
  const file = (key: string): string | undefined =>
    isGiven(tls, key) ? resolve(folder, textOf(tls, key)) : undefined;
  const [certFile, keyFile, clientCaFile] = [file('cert_file'), file('key_file'), file('client_ca_file')];
  if ((certFile === undefined) !== (keyFile === undefined)) {
    refuse(['tls_server_config'], '"cert_file" and "key_file" need each other');
  }
  if (needsCertificate && clientCaFile === undefined) {
    refuse(['tls_server_config'], 'RequireAndVerifyClientCert needs "client_ca_file"');
  }
  if (certFile === undefined || keyFile === undefined) return { needsCertificate };
  const minVersion = textOf(tls, 'min_version') === 'TLS13' ? 'TLSv1.3' : 'TLSv1.2';
  return {
    needsCertificate,
    tls: { certFile, keyFile, minVersion, ...(needsCertificate && clientCaFile ? { clientCaFile } : {}) },
  };
}
