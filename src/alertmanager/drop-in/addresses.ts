import { formatAddress, parseAddress, type Address } from '../../settings/address.ts';

/** What addresses depend on besides the flags. */
export interface Machine {
  readonly hostName: string;
  /** Whether an address without a host may be one of both families. */
  readonly hasIPv6: boolean;
}

/** An address of `--web.listen-address`; a host that is left out stands for all of the machine's addresses, as in Go. */
export function readListenAddress(text: string, { hasIPv6 }: Machine): Address | undefined {
  const address = parseAddress(text);
  if (address === undefined) return undefined;
  return text.startsWith(':') && hasIPv6 ? { ...address, host: '::' } : address;
}

export type ExternalUrl =
  | {
      readonly ok: true;
      /** Without a slash at its end. */
      readonly url: string;
      /** The prefix of all addresses: `/` or `/am`. */
      readonly path: string;
    }
  | { readonly ok: false; readonly problem: string };

/** What `--web.external-url` means; made of the machine's name where it is left out. */
export function readExternalUrl(
  written: string | undefined,
  first: Address,
  { hostName }: Machine,
): ExternalUrl {
  if (written === undefined || written === '') {
    return { ok: true, url: `http://${hostName}:${first.port}`, path: '/' };
  }
  const url = URL.parse(written);
  if (url === null) return { ok: false, problem: `parse ${JSON.stringify(written)}: not an address` };
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    const scheme = JSON.stringify(url.protocol.slice(0, -1));
    return {
      ok: false,
      problem: `${JSON.stringify(written)}: invalid ${scheme} scheme, only 'http' and 'https' are supported`,
    };
  }
  const path = prefixOf(url.pathname);
  return { ok: true, url: `${url.origin}${path === '/' ? '' : path}`, path };
}

/** `am/` → `/am`; nothing → `/`. */
export function prefixOf(written: string): string {
  return `/${written.replace(/^\/+|\/+$/g, '')}`;
}

/** As Go writes the address of a listener. */
export function listenerAddress(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return formatAddress({ host, port: Number(port || (protocol === 'https:' ? 443 : 80)) });
}
