import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { HmacSettings } from '../../model/settings.ts';
import { problem } from '../problem.ts';
import { unauthenticated, type BodyCheck } from './check.ts';

const REFUSED = unauthenticated(
  'Signature realm="signalbox"',
  'The signature is missing or does not fit the body.',
);
const EXPIRED = {
  ...problem('signature_expired', 'The signed time is too far from the time of this server.'),
  challenge: 'Signature realm="signalbox"',
};

/** A sender in rotation sends two signatures; more than this many are an attack on our time. */
const MAX_SIGNATURES = 8;

/**
 * A signature by a shared secret over the body as received, with the time and the delivery's id where the sender signs them.
 * A signed time outside the tolerance is refused, so that a request that was overheard can't be played back later (BR-WH-005).
 */
export function hmacCheck(settings: HmacSettings): BodyCheck {
  const header = settings.header.toLowerCase();
  const timestampHeader = settings.timestampHeader?.toLowerCase();
  const idHeader = settings.idHeader?.toLowerCase();
  const [before = '', after = ''] = settings.content.split('{body}');
  const needs = {
    timestamp: settings.content.includes('{timestamp}'),
    id: settings.content.includes('{id}'),
  };
  const lengthBytes = { sha1: 20, sha256: 32, sha512: 64 }[settings.algorithm];

  return (request, body, now) => {
    const signatures = signaturesIn(headerOf(request, header), settings).filter(
      (signature) => signature.length === lengthBytes,
    );
    const timestamp = headerOf(request, timestampHeader);
    const id = headerOf(request, idHeader);
    if (signatures.length === 0 || (needs.id && id === '')) return REFUSED;
    if ((needs.timestamp || timestampHeader !== undefined) && timestamp === '') return REFUSED;

    let found = false;
    for (const secret of settings.secrets) {
      const expected = createHmac(settings.algorithm, secret)
        .update(fill(before, timestamp, id))
        .update(body)
        .update(fill(after, timestamp, id))
        .digest();
      for (const signature of signatures) found = timingSafeEqual(expected, signature) || found;
    }
    if (!found) return REFUSED;
    if (timestampHeader === undefined) return undefined;
    return Math.abs(now - timeOf(timestamp)) <= settings.toleranceMs ? undefined : EXPIRED;
  };
}

function headerOf(request: IncomingMessage, name: string | undefined): string {
  const value = name === undefined ? undefined : request.headers[name];
  return typeof value === 'string' ? value : '';
}

/** Splits the list that PagerDuty (`v1=…,v1=…`) and Standard Webhooks (`v1,… v1,…`) send; values of other versions are skipped. */
function signaturesIn(value: string, settings: Pick<HmacSettings, 'prefix' | 'encoding'>): readonly Buffer[] {
  return value
    .split(settings.prefix.includes(',') ? /\s+/ : /[\s,]+/)
    .filter((part) => part !== '' && part.startsWith(settings.prefix))
    .slice(0, MAX_SIGNATURES)
    .map((part) => Buffer.from(part.slice(settings.prefix.length), settings.encoding));
}

function fill(template: string, timestamp: string, id: string): string {
  return template.replace(/\{(timestamp|id)\}/g, (_, name: string) => (name === 'id' ? id : timestamp));
}

/** Seconds or milliseconds since the epoch, or RFC 3339; not a number for anything else, which no tolerance admits. */
function timeOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) return Date.parse(text);
  const value = Number(text);
  return value > 1e11 ? value : value * 1000;
}
