import type { Report } from '../settings/report.ts';
import type { PathPart } from '../settings/tree.ts';
import type { AlertmanagerSettings } from './config.ts';
import { atMostOne } from './receiver-rules.ts';
import { isGiven, sectionOf, textOf } from './settings.ts';

type Path = readonly PathPart[];

/** Headers that the HTTP client sets by itself. */
const RESERVED = new Set([
  'authorization',
  'host',
  'content-encoding',
  'content-length',
  'content-type',
  'user-agent',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'www-authenticate',
  'accept-encoding',
  'x-prometheus-remote-write-version',
  'x-prometheus-remote-read-version',
  'x-prometheus-scrape-timeout-seconds',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
]);

/** https://prometheus.io/docs/alerting/latest/configuration/#http_config */
export function checkHttpConfig(settings: AlertmanagerSettings, path: Path, report: Report): void {
  const refuse = (message: string, key?: string): void =>
    report.error(key === undefined ? path : [...path, key], { code: 'wrong_value', message }, 'key');
  const given = (key: string): boolean => settings[key] !== undefined;
  const bearer = ['bearer_token', 'bearer_token_file'].filter((key) => isGiven(settings, key));
  const schemes = ['basic_auth', 'oauth2', 'authorization'].filter(given);
  if (schemes.length + bearer.length > 1) {
    refuse('expected at most one of basic_auth, oauth2, authorization, bearer_token, bearer_token_file');
  }
  const basic = sectionOf(settings, 'basic_auth');
  checkOne(basic, ['username', 'username_file', 'username_ref'], [...path, 'basic_auth'], report);
  checkOne(basic, ['password', 'password_file', 'password_ref'], [...path, 'basic_auth'], report);
  const authorization = sectionOf(settings, 'authorization');
  const credentials = ['credentials', 'credentials_file', 'credentials_ref'];
  checkOne(authorization, credentials, [...path, 'authorization'], report);
  if (textOf(authorization, 'type').trim().toLowerCase() === 'basic') {
    refuse('for basic authentication there is basic_auth', 'authorization');
  }
  if (given('oauth2')) checkOAuth(sectionOf(settings, 'oauth2'), [...path, 'oauth2'], report);
  checkProxy(settings, refuse);
  for (const name of Object.keys(sectionOf(settings, 'http_headers'))) {
    if (RESERVED.has(name.toLowerCase())) refuse(`the header ${name} can’t be set`, 'http_headers');
  }
  checkTlsConfig(sectionOf(settings, 'tls_config'), [...path, 'tls_config'], report);
}

function checkOne(settings: AlertmanagerSettings, keys: readonly string[], path: Path, report: Report): void {
  const problem = atMostOne(...keys)(settings);
  if (problem === undefined) return;
  report.error([...path, problem.key!], { code: 'wrong_value', message: problem.message }, 'key');
}

const JWT_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

function checkOAuth(settings: AlertmanagerSettings, path: Path, report: Report): void {
  for (const key of ['client_id', 'token_url']) {
    if (isGiven(settings, key)) continue;
    report.error(path, { code: 'missing_key', message: `the key "${key}" is missing` }, 'key');
  }
  const isJwt = settings['grant_type'] === JWT_GRANT;
  const name = isJwt ? 'client_certificate_key' : 'client_secret';
  checkOne(settings, [name, `${name}_file`, `${name}_ref`], path, report);
  const algorithm = textOf(settings, 'signature_algorithm');
  if (isJwt && algorithm && !['RS256', 'RS384', 'RS512'].includes(algorithm)) {
    const message = 'expected RS256, RS384 or RS512';
    report.error([...path, 'signature_algorithm'], { code: 'wrong_value', message });
  }
  checkTlsConfig(sectionOf(settings, 'tls_config'), [...path, 'tls_config'], report);
}

function checkProxy(settings: AlertmanagerSettings, refuse: (message: string, key: string) => void): void {
  const hasUrl = isGiven(settings, 'proxy_url');
  const fromEnvironment = settings['proxy_from_environment'] === true;
  const headers = Object.keys(sectionOf(settings, 'proxy_connect_header'));
  if (headers.length > 0 && !hasUrl && !fromEnvironment) {
    refuse('needs proxy_url or proxy_from_environment', 'proxy_connect_header');
  }
  if (fromEnvironment && hasUrl)
    refuse('expected at most one of proxy_url, proxy_from_environment', 'proxy_url');
  if (isGiven(settings, 'no_proxy') && !hasUrl) refuse('needs proxy_url', 'no_proxy');
}

export function checkTlsConfig(settings: AlertmanagerSettings, path: Path, report: Report): void {
  const has = (name: string): boolean =>
    [name, `${name}_file`, `${name}_ref`].some((key) => isGiven(settings, key));
  for (const name of ['ca', 'cert', 'key']) {
    checkOne(settings, [name, `${name}_file`, `${name}_ref`], path, report);
  }
  if (has('cert') !== has('key')) {
    const message = 'a client certificate needs both cert and key';
    report.error(path, { code: 'wrong_value', message }, 'key');
  }
}
