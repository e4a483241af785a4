import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatFinding } from '../../settings/finding.ts';
import { createReport, type Report } from '../../settings/report.ts';
import type { AlertmanagerSettings } from '../config.ts';
import { parseGoDuration } from '../go-duration.ts';
import { readYaml } from '../read-yaml.ts';
import { sectionOf, textOf } from '../settings.ts';
import { bool, goDuration, integer, section, secret, text, textMap, texts } from '../shape-http.ts';
import { decode, type Shape } from '../shape.ts';
import { readTls } from './read-tls.ts';
import { OPEN_WEB, type WebConfig } from './web-config.ts';

/** https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md */
const DOCUMENT: Shape = section({
  tls_server_config: section({
    cert: text,
    key: secret,
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
  basic_auth_users: { kind: 'map', of: secret },
  rate_limit: section({ interval: goDuration, burst: integer }),
});

export type LoadedWebConfig =
  | { readonly ok: true; readonly web: WebConfig }
  | { readonly ok: false; readonly problem: string };

/** Reads the file of `--web.config.file`. What it asks for and is not here is refused, because it keeps people out. */
export async function loadWebConfig(file: string): Promise<LoadedWebConfig> {
  if (file === '') return { ok: true, web: OPEN_WEB };
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
  const rateLimit = readRateLimit(sectionOf(document, 'rate_limit'));
  const web: WebConfig = {
    ...readTls(sectionOf(document, 'tls_server_config'), dirname(file), report),
    users: readUsers(sectionOf(document, 'basic_auth_users'), report),
    headers: readHeaders(sectionOf(sectionOf(document, 'http_server_config'), 'headers'), report),
    ...(rateLimit === undefined ? {} : { rateLimit }),
  };
  if (report.errors.length > 0) return { ok: false, problem: report.errors.map(formatFinding).join('; ') };
  return { ok: true, web };
}

/** `$2y$10$` with a cost from 4 to 31, then salt and hash. */
const BCRYPT = /^\$2[aby]?\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;

function readUsers(users: AlertmanagerSettings, report: Report): ReadonlyMap<string, string> {
  const hashes = new Map<string, string>();
  for (const name of Object.keys(users)) {
    const hash = textOf(users, name);
    if (BCRYPT.test(hash)) hashes.set(name, hash);
    else {
      const message = 'expected the bcrypt hash of a password';
      const hint = 'htpasswd -nBC 10 "" prints one after its colon';
      report.error(['basic_auth_users', name], { code: 'invalid', message, hint });
    }
  }
  return hashes;
}

/** The headers that may be set, with the values of those that have only a few. */
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  'Strict-Transport-Security': [],
  'X-Content-Type-Options': ['nosniff'],
  'X-Frame-Options': ['deny', 'sameorigin'],
  'X-XSS-Protection': [],
  'Content-Security-Policy': [],
};

function readHeaders(written: AlertmanagerSettings, report: Report): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const name of Object.keys(written)) {
    const value = textOf(written, name);
    const path = ['http_server_config', 'headers', name];
    const values = Object.hasOwn(HEADERS, name) ? HEADERS[name] : undefined;
    if (values === undefined) {
      const message = `the header ${JSON.stringify(name)} can not be set; ${Object.keys(HEADERS).join(', ')} can`;
      report.error(path, { code: 'invalid', message }, 'key');
    } else if (values.length > 0 && !values.includes(value)) {
      report.error(path, { code: 'invalid', message: `expected ${values.join(' or ')}` });
    } else if (/[^\t\x20-\x7e]/.test(value)) {
      report.error(path, { code: 'invalid', message: 'expected printable characters of ASCII on one line' });
    } else if (value !== '') headers[name] = value;
  }
  return headers;
}

function readRateLimit(limit: AlertmanagerSettings): WebConfig['rateLimit'] {
  const intervalMs = parseGoDuration(textOf(limit, 'interval') || '0s') ?? 0;
  const burst = limit['burst'];
  return intervalMs > 0 ? { intervalMs, burst: typeof burst === 'number' ? burst : 0 } : undefined;
}
