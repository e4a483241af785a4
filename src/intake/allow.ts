import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { problem, type Problem } from './problem.ts';

/** Whether an address is in a list of addresses and networks; undefined addresses never are. */
export type AddressSet = (address: string | undefined) => boolean;

const ADDRESS_REFUSED = problem(
  'address_not_allowed',
  'The source address is not on the list of this endpoint.',
);
const HOST_REFUSED = problem(
  'host_not_allowed',
  'The host name is not on the list of this endpoint.',
  'host',
);
const HOST_REPEATED = problem('malformed_request', 'The request names more than one host.', 'host');

/** @param cidrs `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`. Throws on anything else. */
export function createAddressSet(cidrs: readonly string[]): AddressSet {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', bits] = cidr.split('/');
    const version = isIP(address);
    const length = bits === undefined ? (version === 4 ? 32 : 128) : Number(bits);
    if (version === 0 || !Number.isInteger(length)) throw new Error(`not an address or a network: ${cidr}`);
    list.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6');
  }
  return (address) => {
    const version = address === undefined ? 0 : isIP(address);
    return version !== 0 && list.check(address!, version === 4 ? 'ipv4' : 'ipv6');
  };
}

/** An IPv4 address that a dual-stack socket wrote as IPv6 is an IPv4 address. */
export function plainAddress(address: string | undefined): string | undefined {
  return address?.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

/**
 * The address of the client: the peer, or behind trusted proxies the rightmost hop that is none of them. `X-Forwarded-For` and
 * `Forwarded` (RFC 7239) are both understood; where both are there and differ, one of them was made up by the client, so that
 * neither is believed.
 */
export function clientAddress(request: IncomingMessage, isTrusted: AddressSet): string | undefined {
  const peer = plainAddress(request.socket.remoteAddress);
  if (!isTrusted(peer)) return peer;
  const listed = request.headers['x-forwarded-for'];
  const forwarded = request.headers.forwarded;
  const byList = listed === undefined ? undefined : lastForeign(String(listed).split(','), isTrusted);
  const byForwarded = forwarded === undefined ? undefined : lastForeign(hopsIn(forwarded), isTrusted);
  if (listed === undefined && forwarded === undefined) return peer;
  if (listed === undefined) return byForwarded;
  if (forwarded === undefined || byForwarded === byList) return byList;
  return undefined;
}

/** Undefined when the hop that counts is not an address, e.g. `unknown`; the leftmost hop when all are trusted. */
function lastForeign(hops: readonly string[], isTrusted: AddressSet): string | undefined {
  let last: string | undefined;
  for (let index = hops.length - 1; index >= 0; index--) {
    last = addressOf(hops[index]!);
    if (!isTrusted(last)) return last;
  }
  return last;
}

function hopsIn(forwarded: string): readonly string[] {
  return forwarded.split(',').map((hop) => /(?:^|;)\s*for\s*=\s*"?([^";]+)"?/i.exec(hop)?.[1] ?? '');
}

/** `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::1`, `[2001:db8::1]:4711`. */
function addressOf(hop: string): string | undefined {
  const text = hop.trim();
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(bare) === 0 ? undefined : plainAddress(bare);
}

/** What a request must come from and be addressed to (BR-WH-022). */
export interface AllowList {
  readonly ips: readonly string[];
  readonly hosts: readonly string[];
}

/**
 * Checks the source address and the `Host` that the request names. `*.example.org` admits every name below it. Names are never looked
 * up in DNS: a lookup would put somebody else's server into the path of every request, and whoever owns the reverse
 * zone could answer it at will.
 */
export function createAllowCheck(
  allow: AllowList,
): (request: IncomingMessage, address: string | undefined) => Problem | undefined {
  const isAllowed = allow.ips.length === 0 ? undefined : createAddressSet(allow.ips);
  const hosts = allow.hosts.map((host) => host.toLowerCase());
  return (request, address) => {
    if (isAllowed && !isAllowed(address)) return ADDRESS_REFUSED;
    if (hosts.length === 0) return undefined;
    if ((request.headersDistinct['host']?.length ?? 0) > 1) return HOST_REPEATED;
    const name = hostName(request.headers.host ?? '');
    const known = hosts.some((host) =>
      host.startsWith('*.') ? name.endsWith(host.slice(1)) && name.length >= host.length : name === host,
    );
    return known ? undefined : HOST_REFUSED;
  };
}

/** Without port and final dot, lower case. */
function hostName(host: string): string {
  return host.replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase();
}
