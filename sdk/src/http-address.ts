import { Fault } from './fault.ts';
import { checkLiteral } from './http-dispatcher.ts';
import type { Reach } from './http-reach.ts';

/** Where a request goes. */
export interface Address {
  readonly origin: string;
  /** Name and port, for messages. */
  readonly host: string;
  readonly path: string;
}

/** An integration has a few addresses, and asks for one of them with every message. */
const REMEMBERED = 64;

/**
 * Reads addresses, and remembers those that were found good.
 *
 * @returns a function that throws Fault `SB_CONFIG` for an address that is not absolute HTTP, carries credentials, or is one that must not be
 * reached; names are checked when they are resolved.
 */
export function createAddressBook(reach: Reach): (text: string) => Address {
  const known = new Map<string, Address>();
  return (text) => {
    const found = known.get(text);
    if (found) return found;
    const address = readAddress(text, reach);
    if (known.size === REMEMBERED) known.clear();
    known.set(text, address);
    return address;
  };
}

function readAddress(text: string, reach: Reach): Address {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new Fault('SB_CONFIG', 'The address must start with https:// or http://', { field: 'url' });
  }
  if (url.username !== '' || url.password !== '') {
    const message = `Credentials do not belong into the address of ${url.host}; give them in their own fields`;
    throw new Fault('SB_CONFIG', message, { field: 'url' });
  }
  checkLiteral(url.hostname, reach);
  return { origin: url.origin, host: url.host, path: url.pathname + url.search };
}

/** The path with the query of a request in it: its names win over those of the address. */
export function withQuery({ origin, path }: Address, query: Readonly<Record<string, string>>): string {
  const url = new URL(origin + path);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.pathname + url.search;
}
