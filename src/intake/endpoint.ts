import type { IncomingHttpHeaders } from 'node:http';
import type { Source } from '@signalbox/sdk';
import type { EndpointSettings } from '../model/settings.ts';
import { createAllowCheck } from './allow.ts';
import { createAuthenticator, type Authenticator } from './auth/authenticate.ts';
import type { MediaType } from './media-type.ts';
import { problem, type Problem } from './problem.ts';
import { createRateLimit, type TakeToken } from './rate-limit.ts';

/** A webhook endpoint as configured: where signals of one integration come in. */
export interface Endpoint {
  readonly integration: string;
  readonly tenant: string;
  readonly settings: EndpointSettings;
  readonly source: Source<any>;
  readonly config: unknown;
}

/** The same with everything worked out that does not depend on the request. */
export interface PreparedEndpoint extends Endpoint {
  /** Whole paths on which success is 200 without a body; see `Source.clientPaths`. */
  readonly clientPaths: ReadonlySet<string>;
  /** `source` of its events. */
  readonly eventSource: string;
  readonly authenticator: Authenticator;
  /** Absent when every source may come. */
  readonly refuseSource: ReturnType<typeof createAllowCheck> | undefined;
  readonly takeToken: TakeToken;
  readonly takesMediaType: (mediaType: MediaType) => boolean;
  readonly wrongMediaType: Problem;
  /** The headers that source, delivery id and pass-through may see. */
  readonly keptHeaders: (headers: IncomingHttpHeaders) => Readonly<Record<string, string>>;
}

/** Throws when the settings can't be used, e.g. an unreadable key; the caller then keeps what it had. */
export function prepareEndpoint(endpoint: Endpoint): PreparedEndpoint {
  const { settings, source } = endpoint;
  const suffixes = source.clientPaths ?? [];
  const mediaTypes = new Set(source.contentTypes ?? ['application/json']);
  return {
    ...endpoint,
    clientPaths: new Set([
      ...suffixes,
      ...settings.paths.flatMap((path) => suffixes.map((suffix) => `${path}${suffix}`)),
    ]),
    eventSource: `/integrations/${endpoint.integration}`,
    authenticator: createAuthenticator(settings.auth),
    refuseSource:
      settings.allow.ips.length + settings.allow.hosts.length === 0
        ? undefined
        : createAllowCheck(settings.allow),
    takeToken: createRateLimit(settings.limits.ratePerSecond, settings.limits.burst),
    takesMediaType: (mediaType) => mediaType.isUtf8 && mediaTypes.has(mediaType.name),
    wrongMediaType: problem(
      'unsupported_media_type',
      `The endpoint takes ${[...mediaTypes].join(', ')}, in UTF-8.`,
      'content-type',
    ),
    keptHeaders: createHeaderFilter(endpoint),
  };
}

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

/** Whatever is declared, credentials never go further than the intake (BR-WH-017). */
function createHeaderFilter({ settings, source }: Endpoint): PreparedEndpoint['keptHeaders'] {
  const secret = new Set(['authorization', 'proxy-authorization', 'cookie', '__proto__']);
  for (const auth of settings.auth) {
    if (auth.kind === 'api_key' || auth.kind === 'hmac') secret.add(auth.header.toLowerCase());
  }
  const declared = [
    ...(source.headers ?? []),
    ...settings.passHeaders,
    ...(settings.deliveryIdHeader === undefined ? [] : [settings.deliveryIdHeader]),
  ].map((name) => name.toLowerCase());
  // `ce-*` stands for all headers that begin so: the extension attributes of CloudEvents have no fixed names.
  const prefixes = declared.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  const names = declared.filter((name) => !name.endsWith('*') && !secret.has(name));
  if (declared.length === 0) return () => NO_HEADERS;

  return (headers) => {
    const kept: Record<string, string> = {};
    for (const name of names) {
      const value = headers[name];
      if (value !== undefined) kept[name] = String(value);
    }
    if (prefixes.length === 0) return kept;
    for (const name of Object.keys(headers)) {
      if (secret.has(name) || !prefixes.some((prefix) => name.startsWith(prefix))) continue;
      kept[name] = String(headers[name]);
    }
    return kept;
  };
}
