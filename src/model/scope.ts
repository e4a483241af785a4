/**
 * Groups are spread over this many scopes, and a scope is what one node owns at a time. Many more than nodes, so that they share
 * evenly; few enough to be renewed in one statement. Part of the data: another number would give a group another owner.
 */
export const SCOPES = 64;

/** The scope that a group belongs to: 32-bit FNV-1a over its id. */
export function scopeOf(groupId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < groupId.length; index++) {
    hash = Math.imul(hash ^ groupId.charCodeAt(index), 0x01000193);
  }
  return ((hash ^ (hash >>> 15)) >>> 0) & (SCOPES - 1);
}
