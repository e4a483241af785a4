import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate and its key in PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * Makes a self-signed certificate (X.509 v3, RFC 5280; ECDSA P-256), so that no key lies in a repository and none expires. It is its own
 * authority: give its `cert` as `ca` to whoever shall trust it.
 *
 * @param names DNS names and IP addresses it is valid for
 * @example
 * const { cert, key } = createTestCertificate(['127.0.0.1']);
 */
export function createTestCertificate(
  names: readonly string[],
  now: () => number = Date.now,
): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid('2a8648ce3d040302')); // ecdsa-with-SHA256
  const subject = sequence(node(0x31, sequence(oid('550403'), node(0x0c, Buffer.from(names[0] ?? 'test')))));
  const validity = sequence(time(now() - DAY_MS), time(now() + 30 * DAY_MS));
  const toBeSigned = sequence(
    node(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    subject,
    validity,
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    node(
      0xa3,
      sequence(
        extension('551d11', sequence(...names.map(generalName))),
        extension('551d13', sequence(node(0x01, Buffer.from([0xff])))),
      ),
    ),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const der = sequence(toBeSigned, algorithm, node(0x03, Buffer.from([0]), signature));
  // A PEM body must not end with an empty line, which a plain replacement leaves when the length is a multiple of 64.
  const lines = der
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const DAY_MS = 86_400_000;

/** One DER element: tag, length, content. */
function node(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Uint8Array[]) => node(0x30, ...parts);
const integer = (bytes: Uint8Array) => node(0x02, bytes);
const oid = (hex: string) => node(0x06, Buffer.from(hex, 'hex'));
const extension = (id: string, value: Uint8Array) => sequence(oid(id), node(0x04, value));
const time = (ms: number) =>
  node(0x18, Buffer.from(`${new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14)}Z`));

function generalName(name: string): Buffer {
  if (isIP(name) === 4) return node(0x87, Buffer.from(name.split('.').map(Number)));
  return node(0x82, Buffer.from(name));
}
