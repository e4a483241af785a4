import { file, secret, secretOrFile, withGiven, type Drafting } from './drafting.ts';
import type { AlertmanagerSettings, ReceiverConfig } from './config.ts';
import type { NativeMap, NativeValue } from './native-document.ts';
import { isGiven, sectionOf, textOf } from './settings.ts';

/** What `http_config` becomes: settings of the integration's HTTP client, and how it proves who it is. */
export interface ConvertedHttp {
  readonly http: NativeMap;
  readonly basic?: { readonly username: NativeValue; readonly password: NativeValue };
  /** The value of `Authorization: Bearer …`. */
  readonly bearer?: NativeValue;
  readonly headers: NativeMap;
}

/** Converts `http_config`; what has no counterpart is an error, because without it requests would be refused or misled. */
export function convertHttp(entry: ReceiverConfig, drafting: Drafting): ConvertedHttp {
  const settings = sectionOf(entry.settings, 'http_config');
  const path = entry.settings['http_config'] === undefined ? entry.path : [...entry.path, 'http_config'];
  const unsupported = (key: string, message: string): void =>
    drafting.report.error([...path, key], { code: 'unsupported', message }, 'key');
  if (settings['oauth2'] !== undefined) unsupported('oauth2', 'OAuth 2 has no counterpart');
  for (const key of ['no_proxy', 'proxy_connect_header']) {
    if (isGiven(settings, key)) unsupported(key, `"${key}" has no counterpart`);
  }
  if (settings['proxy_from_environment'] === true) {
    unsupported('proxy_from_environment', 'the proxy has to be named in proxy_url');
  }
  const proxy = settings['proxy_url'];
  return {
    http: withGiven({
      proxy: typeof proxy === 'string' && proxy !== '' ? proxy : undefined,
      tls: convertTls(sectionOf(settings, 'tls_config'), unsupported, drafting),
    }),
    ...convertAuthorization(settings, drafting, unsupported),
  };
}

/** Alertmanager takes TLS 1.2, which the hub does only when it is told to. */
function convertTls(
  tls: AlertmanagerSettings,
  unsupported: (key: string, message: string) => void,
  drafting: Drafting,
): NativeMap {
  if (tls['insecure_skip_verify'] === true) {
    unsupported('tls_config', 'certificates are always verified; name the authority in ca_file');
  }
  for (const key of ['ca', 'cert', 'key', 'server_name', 'max_version', 'ca_ref', 'cert_ref', 'key_ref']) {
    if (isGiven(tls, key)) unsupported('tls_config', `"${key}" has no counterpart; files have`);
  }
  const path = (key: string): string | undefined =>
    isGiven(tls, key) ? file(drafting, textOf(tls, key)).path : undefined;
  return withGiven({
    min_version: tls['min_version'] === 'TLS13' ? 'TLSv1.3' : 'TLSv1.2',
    ca_file: path('ca_file'),
    cert_file: path('cert_file'),
    key_file: path('key_file'),
  });
}

function convertAuthorization(
  settings: AlertmanagerSettings,
  drafting: Drafting,
  unsupported: (key: string, message: string) => void,
): Omit<ConvertedHttp, 'http'> {
  const headers: Record<string, NativeValue> = {};
  for (const [name, value] of Object.entries(sectionOf(settings, 'http_headers'))) {
    const header = value as AlertmanagerSettings;
    const values = [header['values'], header['secrets']].flat().filter((one) => typeof one === 'string');
    if (header['files'] !== undefined || values.length !== 1) {
      unsupported('http_headers', `the header ${name} must have one value or secret`);
    } else {
      headers[name] = secret(drafting, `header-${name.toLowerCase()}`, values[0]!);
    }
  }
  const basic = sectionOf(settings, 'basic_auth');
  if (settings['basic_auth'] !== undefined) {
    const username = typeof basic['username'] === 'string' ? basic['username'] : undefined;
    const password = secretOrFile(drafting, basic, 'password');
    const fromFile = isGiven(basic, 'username_file')
      ? file(drafting, textOf(basic, 'username_file'))
      : undefined;
    return { basic: { username: username ?? fromFile ?? '', password: password ?? '' }, headers };
  }
  const bearer = secretOrFile(drafting, settings, 'bearer_token');
  if (bearer !== undefined) return { bearer, headers };
  const authorization = sectionOf(settings, 'authorization');
  const credentials = secretOrFile(drafting, authorization, 'credentials');
  const type = textOf(authorization, 'type').trim() || 'Bearer';
  if (credentials === undefined) return { headers };
  if (type === 'Bearer') return { bearer: credentials, headers };
  if (credentials.from === 'file') {
    unsupported('authorization', `the type "${type}" can’t be joined with credentials of a file`);
    return { headers };
  }
  return {
    headers: { ...headers, Authorization: { ...credentials, value: `${type} ${credentials.value}` } },
  };
}
