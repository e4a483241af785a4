import { HMAC_GENERIC, HMAC_PRESETS } from '../model/hmac-presets.ts';
import type { AuthSettings, HmacSettings, JwtSettings } from '../model/settings.ts';
import { parseDuration } from './quantity.ts';
import type { Report } from './report.ts';
import { AUTH_DEFAULTS } from './schema-auth.ts';
import type { WrittenIntegration } from './schema.ts';
import type { PathPart } from './tree.ts';

type Written = Exclude<NonNullable<WrittenIntegration['auth']>, 'none' | readonly unknown[]>;
type Path = readonly PathPart[];

/** All ways to authenticate that must pass; empty for `none` and where nothing is said. */
export function resolveAuth(
  written: WrittenIntegration['auth'],
  path: Path,
  report: Report,
): readonly AuthSettings[] {
  if (written === undefined || written === 'none') return [];
  if (!Array.isArray(written)) return resolveMethods(written, path, report);
  return written.flatMap((method, index) => resolveMethods(method, [...path, index], report));
}

function resolveMethods(written: Written, path: Path, report: Report): readonly AuthSettings[] {
  const methods: AuthSettings[] = [];
  if (written.bearer !== undefined) methods.push({ kind: 'bearer', tokens: [written.bearer].flat() });
  if (written.basic) {
    const { username, password, passwords } = written.basic;
    methods.push({
      kind: 'basic',
      username,
      passwords: oneAndMore(password, passwords, 'password', [...path, 'basic'], report),
    });
  }
  if (written.api_key) {
    const { header = AUTH_DEFAULTS.apiKeyHeader, key, keys } = written.api_key;
    methods.push({
      kind: 'api_key',
      header: header.toLowerCase(),
      keys: oneAndMore(key, keys, 'key', [...path, 'api_key'], report),
    });
  }
  if (written.hmac) methods.push(resolveHmac(written.hmac, [...path, 'hmac'], report));
  if (written.jwt) methods.push(resolveJwt(written.jwt, [...path, 'jwt'], report));
  if (written.mtls) methods.push({ kind: 'mtls', names: [written.mtls.names ?? []].flat() });
  return methods;
}

function oneAndMore(
  one: string | undefined,
  more: string | readonly string[] | undefined,
  name: string,
  path: Path,
  report: Report,
): readonly string[] {
  const all = [one ?? [], more ?? []].flat();
  if (all.length === 0) {
    report.error(path, { code: 'missing_key', message: `expected "${name}" or "${name}s"` }, 'key');
  }
  return all;
}

function resolveHmac(written: NonNullable<Written['hmac']>, path: Path, report: Report): HmacSettings {
  const preset = written.preset === undefined ? HMAC_GENERIC : HMAC_PRESETS[written.preset];
  const timestampHeader = written.timestamp_header ?? preset.timestampHeader;
  const idHeader = written.id_header ?? preset.idHeader;
  const content =
    written.content ??
    (written.timestamp_header === undefined
      ? preset.content
      : (preset.contentWithTimestamp ?? preset.content));
  for (const [name, header] of [
    ['timestamp', timestampHeader],
    ['id', idHeader],
  ] as const) {
    const signed = content.includes(`{${name}}`);
    if (signed === (header !== undefined)) continue;
    const at = [...path, signed ? 'content' : `${name}_header`];
    // A header that is not signed could be anything, so checking it would only look like security.
    const message = signed
      ? `{${name}} needs the key "${name}_header"`
      : `"content" must contain {${name}}, else it is not signed`;
    report.error(at, { code: 'wrong_value', message }, 'key');
  }
  const secrets = oneAndMore(written.secret, written.secrets, 'secret', path, report);
  const encoding = written.secret_encoding ?? preset.secretEncoding;
  return {
    kind: 'hmac',
    header: (written.header ?? preset.header).toLowerCase(),
    algorithm: written.algorithm ?? preset.algorithm,
    encoding: written.encoding ?? preset.encoding,
    prefix: written.prefix ?? preset.prefix,
    content,
    ...(timestampHeader === undefined ? {} : { timestampHeader: timestampHeader.toLowerCase() }),
    ...(idHeader === undefined ? {} : { idHeader: idHeader.toLowerCase() }),
    toleranceMs: written.tolerance === undefined ? preset.toleranceMs : parseDuration(written.tolerance)!,
    secrets: secrets.map((text) => decodeSecret(text, encoding, preset.secretPrefix, path, report)),
  };
}

function decodeSecret(
  text: string,
  encoding: 'text' | 'base64',
  prefix: string,
  path: Path,
  report: Report,
): Uint8Array {
  if (encoding === 'text') return Buffer.from(text);
  const encoded = prefix !== '' && text.startsWith(prefix) ? text.slice(prefix.length) : text;
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(encoded)) {
    const form = prefix === '' ? 'base64' : `base64, with or without ${prefix} in front`;
    report.error(path, { code: 'wrong_value', message: `expected a secret in ${form}` });
  }
  return Buffer.from(encoded, 'base64');
}

const ASYMMETRIC = ['RS256', 'ES256', 'EdDSA'];

/**
 * One kind of key per method: a public key that is also taken for a shared secret would let anybody who knows it sign
 * (RFC 8725, section 3.1).
 */
function resolveJwt(written: NonNullable<Written['jwt']>, path: Path, report: Report): JwtSettings {
  const keys = [written.key ?? [], written.keys ?? []].flat();
  const isPublic = (key: string) => key.includes('-----BEGIN ');
  const kinds = new Set([...keys.map(isPublic), ...(written.jwks_url === undefined ? [] : [true])]);
  const algorithms = written.algorithms ?? (kinds.has(false) ? ['HS256'] : ASYMMETRIC);
  const refuse = (message: string): void => report.error(path, { code: 'wrong_value', message }, 'key');
  if (kinds.size === 0) refuse('expected "key", "keys" or "jwks_url"');
  if (kinds.size === 2) refuse('shared secrets and public keys can’t be mixed');
  if (kinds.size === 1 && algorithms.some((algorithm) => algorithm.startsWith('HS') === kinds.has(true))) {
    refuse(
      kinds.has(true)
        ? 'public keys need algorithms that do not begin with HS'
        : 'shared secrets need algorithms that begin with HS',
    );
  }
  if (written.jwks_url !== undefined && written.audience === undefined) {
    const message = 'without "audience" every token of this issuer is accepted';
    report.warn(path, { code: 'any_audience', message }, 'key');
  }
  return {
    kind: 'jwt',
    algorithms,
    keys,
    ...(written.jwks_url === undefined ? {} : { jwksUrl: written.jwks_url }),
    ...(written.issuer === undefined ? {} : { issuer: written.issuer }),
    ...(written.audience === undefined ? {} : { audience: written.audience }),
    clockSkewMs: parseDuration(written.clock_skew ?? AUTH_DEFAULTS.clockSkew)!,
  };
}
