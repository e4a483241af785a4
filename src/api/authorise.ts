import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Problem } from './problem.ts';

/** What is known about who asks, before anything of the request is believed. */
export interface Caller {
  readonly remoteAddress: string;
  /** Our own end of the connection. */
  readonly localAddress: string;
  readonly host: string;
  readonly authorization: string;
  /** Whether a proxy says that it forwards for somebody else. */
  readonly forwarded: boolean;
}

export function callerOf(request: IncomingMessage): Caller {
  const { headers, socket } = request;
  return {
    remoteAddress: socket.remoteAddress ?? '',
    localAddress: socket.localAddress ?? '',
    host: headers.host ?? '',
    authorization: headers.authorization ?? '',
    forwarded: FORWARDING_HEADERS.some((name) => headers[name] !== undefined),
  };
}

const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'] as const;

/**
 * Without tokens only programs of this machine are served; with tokens everybody needs one. It is never open by
 * accident: a proxy on the same machine and a page that rebinds its DNS name to 127.0.0.1 both fail here.
 */
export function authoriseApi(caller: Caller, tokens: readonly string[]): Problem | undefined {
  if (tokens.length > 0) {
    if (hasToken(caller, tokens)) return undefined;
    return new Problem(
      'unauthenticated',
      'Send “Authorization: Bearer …” with one of the tokens of server.api_tokens.',
    );
  }
  if (isLocal(caller)) return undefined;
  return new Problem(
    'not_local',
    'Without tokens the API answers only to this machine, addressed as localhost. Set server.api_tokens to open it to others.',
  );
}

/** Health and metrics: details for this machine, and for whoever has a token. */
export function maySeeDetails(caller: Caller, tokens: readonly string[]): boolean {
  return isLocal(caller) || hasToken(caller, tokens);
}

/** Both ends on loopback, addressed by a loopback name, and nobody in between. */
export function isLocal(caller: Caller): boolean {
  return (
    isLoopbackAddress(caller.remoteAddress) &&
    isLoopbackAddress(caller.localAddress) &&
    isLoopbackName(caller.host) &&
    !caller.forwarded
  );
}

/** The token is compared by digest and with every known one, so that the time taken tells nothing about them. */
export function hasToken(caller: Caller, tokens: readonly string[]): boolean {
  const given = /^bearer +([\x21-\x7e]{1,4096})$/i.exec(caller.authorization)?.[1];
  if (given === undefined) return false;
  const digest = sha256(given);
  let found = false;
  for (const token of tokens) {
    if (timingSafeEqual(sha256(token), digest)) found = true;
  }
  return found;
}

/**
 * Refuses what a page of another site makes a browser do (RFC 6454 Origin, Fetch Metadata). Programs send neither header.
 * `externalURL` counts as our own site, because a proxy may change the Host header.
 */
export function refuseCrossOrigin(request: IncomingMessage, externalURL: string): Problem | undefined {
  const { origin, host } = request.headers;
  if (origin === undefined) return refuseCrossSite(request);
  return isOwnOrigin(origin, host ?? '', externalURL) ? undefined : crossOrigin();
}

/**
 * The same where a proxy may have passed on the `Origin` of its own pages: by Fetch Metadata alone, which say how the page stands to the address
 * that the browser asked.
 */
export function refuseCrossSite(request: IncomingMessage): Problem | undefined {
  const site = request.headers['sec-fetch-site'];
  return site === 'cross-site' || site === 'same-site' ? crossOrigin() : undefined;
}

function crossOrigin(): Problem {
  return new Problem(
    'cross_origin',
    'A page of another site asked for this. Ask from the hub’s own address.',
  );
}

function isOwnOrigin(origin: string, host: string, externalURL: string): boolean {
  const asked = URL.parse(origin);
  if (!asked) return false;
  return (
    asked.host === URL.parse(`${asked.protocol}//${host}`)?.host ||
    asked.origin === URL.parse(externalURL)?.origin
  );
}

function isLoopbackAddress(address: string): boolean {
  const plain = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  return plain === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(plain);
}

/** `localhost`, names below it (RFC 6761), 127.0.0.0/8 and ::1, with or without a port. */
function isLoopbackName(host: string): boolean {
  const name = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase() ?? '';
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || isLoopbackAddress(name);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
