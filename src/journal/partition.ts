/**
 * The partition of an ordering key: 32-bit FNV-1a over the UTF-16 code units, mixed once more so that keys that differ only at their
 * end spread as well. The answer is part of the data: another function would put the records of one key into two partitions, so
 * it changes only together with the journal's generation (design §3).
 */
export function partitionOf(key: string, partitions: number): number {
  if (partitions === 1) return 0;
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) {
    const unit = key.charCodeAt(index);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) % partitions;
}
