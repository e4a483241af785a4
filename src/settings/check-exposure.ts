import type { Settings } from '../model/settings.ts';
import { isLoopback } from './address.ts';
import type { Report } from './report.ts';
import { isMap, valueAt, type PathPart } from './tree.ts';

const RESERVED = ['/api', '/livez', '/readyz', '/metrics'];

/** Nothing is open by accident, and every path leads to one endpoint. */
export function checkEndpoints(settings: Settings, report: Report): void {
  const owners = new Map<string, string>();
  for (const { id, endpoint } of Object.values(settings.integrations)) {
    if (!endpoint) continue;
    const path = ['integrations', id];
    const raw = valueAt(report.tree.value, `/integrations/${id}`);
    if (!isLoopback(settings.server.listen.host) && isMap(raw) && !Object.hasOwn(raw, 'auth')) {
      report.error(
        path,
        {
          code: 'open_endpoint',
          message: 'beyond loopback this source needs "auth"',
          hint: 'add e.g. auth: { bearer: "${env:TOKEN}" }, or say auth: none',
        },
        'key',
      );
    }
    if (endpoint.auth.some(({ kind }) => kind === 'mtls') && !settings.server.tls?.clientCaFile) {
      report.error([...path, 'auth'], {
        code: 'missing_key',
        message: 'mtls needs server.tls.client_ca_file',
      });
    }
    endpoint.paths.forEach((each, index) => {
      const at = placeOfPath(raw, path, index);
      const owner = owners.get(each);
      if (owner !== undefined) {
        const message =
          owner === id
            ? 'this path stands here twice'
            : `the integration "${owner}" answers on this path already`;
        report.error(at, { code: 'path_taken', message });
      }
      owners.set(each, owner ?? id);
      if (RESERVED.some((reserved) => each === reserved || each.startsWith(`${reserved}/`))) {
        report.error(at, {
          code: 'path_taken',
          message: 'the hub itself answers on this path',
          hint: 'use one below /hooks/',
        });
      }
    });
  }
}

/** `path` comes first, then `paths`, as one text or as a list. */
function placeOfPath(raw: unknown, path: readonly PathPart[], index: number): readonly PathPart[] {
  if (!isMap(raw)) return path;
  if (raw.path !== undefined && index === 0) return [...path, 'path'];
  const item = raw.path === undefined ? index : index - 1;
  return Array.isArray(raw.paths)
    ? [...path, 'paths', item]
    : [...path, raw.paths === undefined ? 'path' : 'paths'];
}

/** Alerts and credentials that would cross the network in clear. */
export function warnInsecureUrls(settings: Settings, report: Report): void {
  for (const { id, config, endpoint } of Object.values(settings.integrations)) {
    const urls: (readonly [readonly string[], unknown])[] = Object.entries(config).map(([key, value]) => [
      ['config', key],
      value,
    ]);
    for (const auth of endpoint?.auth ?? []) if (auth.kind === 'jwt') urls.push([['auth'], auth.jwksUrl]);
    for (const [key, value] of urls) {
      if (typeof value !== 'string' || !value.startsWith('http://') || !URL.canParse(value)) continue;
      if (isLoopback(new URL(value).hostname.replace(/^\[|\]$/g, ''))) continue;
      report.warn(['integrations', id, ...key], { code: 'insecure_url', message: 'this URL is not https' });
    }
  }
}
