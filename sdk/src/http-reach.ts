import { lookup as resolve, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Fault } from './fault.ts';

/**
 * Where a client may connect to. `metadata` refuses link-local addresses and the metadata services of clouds, `public` refuses everything
 * that is not on the public internet, `any` refuses nothing.
 */
export type Reach = 'any' | 'metadata' | 'public';

type Net = readonly [address: string, bits: number];

const METADATA_V4: readonly Net[] = [
  ['169.254.0.0', 16], // link-local; AWS, Azure, GCP, DigitalOcean, OpenStack
  ['100.100.100.200', 32], // Alibaba Cloud
  ['168.63.129.16', 32], // Azure's host agent
  ['192.0.0.192', 32], // Oracle Cloud
];
const METADATA_V6: readonly Net[] = [
  ['fe80::', 10], // link-local
  ['fd00:ec2::254', 128], // AWS
  ['fd20:ce::254', 128], // GCP
];

// IANA's special-purpose registries (RFC 6890 and its updates): everything not globally reachable.
const PRIVATE_V4: readonly Net[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
const PRIVATE_V6: readonly Net[] = [
  ['::', 127], // unspecified and loopback
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32], // Teredo hides an IPv4 address
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fec0::', 10],
  ['ff00::', 8],
];

const hex = (first: number, second: number) => ((first << 8) | second).toString(16);

/** The ways in which IPv6 carries an IPv4 network: mapped and compatible (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056). */
function carriers([address, bits]: Net): readonly Net[] {
  const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number];
  const tail = `${hex(a, b)}:${hex(c, d)}`;
  return [
    [`::ffff:${tail}`, 96 + bits],
    [`::${tail}`, 96 + bits],
    [`64:ff9b::${tail}`, 96 + bits],
    [`2002:${tail}::`, 16 + bits],
  ];
}

function createBlockList(v4: readonly Net[], v6: readonly Net[]): BlockList {
  const list = new BlockList();
  for (const net of v4) {
    list.addSubnet(net[0], net[1], 'ipv4');
    for (const [address, bits] of carriers(net)) list.addSubnet(address, bits, 'ipv6');
  }
  for (const [address, bits] of v6) list.addSubnet(address, bits, 'ipv6');
  return list;
}

const METADATA = createBlockList(METADATA_V4, METADATA_V6);
const NOT_PUBLIC = createBlockList([...METADATA_V4, ...PRIVATE_V4], [...METADATA_V6, ...PRIVATE_V6]);

/** Whether an IP address may be connected to. Anything that is not an address is refused. */
export function isReachable(address: string, reach: Reach): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  if (reach === 'any') return true;
  return !(reach === 'public' ? NOT_PUBLIC : METADATA).check(address, family === 6 ? 'ipv6' : 'ipv4');
}

export function refusedAddress(host: string, reach: Reach): Fault {
  return new Fault(
    'SB_CONFIG',
    `${host} resolves to an address that this integration may not reach (http.reach is ${reach})`,
    { field: 'http.reach' },
  );
}

/**
 * Name resolution that checks what a name resolves to, in the step whose answer the socket connects to: a name that changes its address
 * between a check and the connection (DNS rebinding) gains nothing. One refused address refuses the name.
 */
export function guardedLookup(reach: Reach): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const first = addresses?.[0];
      if (error || !first) return callback(error ?? new Error('no address'), '', 0);
      if (!addresses.every(({ address }) => isReachable(address, reach))) {
        return callback(refusedAddress(hostname, reach), '', 0);
      }
      if (options.all) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}
