import type { AlertData } from '@signalbox/sdk';

/**
 * Alertmanager's fingerprint: 64-bit FNV-1a over the sorted label pairs, each name and value followed by the byte 0xFF
 * (https://github.com/prometheus/common/blob/main/model/fingerprinting.go). Computed in two 32-bit halves, because BigInt
 * would cost ten times as much on the intake's hot path.
 *
 * A source's own key says who it is among that sender's alerts only, so it counts together with the integration.
 */
export function fingerprintOf(data: Pick<AlertData, 'labels' | 'key'>, integration = ''): string {
  const hash = { high: 0xcbf29ce4, low: 0x84222325 };
  if (data.key !== undefined) {
    addText(hash, integration);
    addByte(hash, 0xff);
    addText(hash, data.key);
  } else {
    for (const name of Object.keys(data.labels).sort(byCodePoint)) {
      const value = data.labels[name];
      if (!value) continue;
      addText(hash, name);
      addByte(hash, 0xff);
      addText(hash, value);
      addByte(hash, 0xff);
    }
  }
  return hex(hash.high) + hex(hash.low);
}

/** What keeps events of one alert in order: tenant and fingerprint of the labels as the source gave them. */
export function orderingKey(tenant: string, fingerprint: string): string {
  return `${tenant}/${fingerprint}`;
}

interface Hash {
  high: number;
  low: number;
}

const encoder = new TextEncoder();

function addText(hash: Hash, text: string): void {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) {
      for (const byte of encoder.encode(text.slice(index))) addByte(hash, byte);
      return;
    }
    addByte(hash, code);
  }
}

/** One step of FNV-1a: xor, then times 0x100000001b3 modulo 2^64. */
function addByte(hash: Hash, byte: number): void {
  const low = (hash.low ^ byte) >>> 0;
  const product = (low & 0xffff) * 0x1b3;
  const middle = (low >>> 16) * 0x1b3 + (product >>> 16);
  hash.low = (((middle & 0xffff) << 16) | (product & 0xffff)) >>> 0;
  hash.high = (Math.imul(hash.high, 0x1b3) + (middle >>> 16) + (low << 8)) >>> 0;
}

/** Go sorts strings by bytes, which for UTF-8 is the order of code points; JavaScript compares UTF-16 units. */
function byCodePoint(left: string, right: string): number {
  if (left === right) return 0;
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a === b) continue;
    const surrogates = (a >= 0xd800 && a < 0xe000 ? 1 : 0) - (b >= 0xd800 && b < 0xe000 ? 1 : 0);
    return surrogates || a - b;
  }
  return left.length - right.length;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
