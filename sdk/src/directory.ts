import type { Context } from './context.ts';

/** What a directory knows of: people, teams, units of the organization, and who pays. */
export const DIRECTORY_KINDS = ['person', 'team', 'unit', 'cost_center'] as const;
export type DirectoryKind = (typeof DIRECTORY_KINDS)[number];

/** One thing that a directory of the organization knows. */
export interface DirectoryEntry {
  /** Stays the same when it is renamed: `entryUUID`, the `id` of SCIM. At most 256 characters. */
  readonly id: string;
  readonly kind: DirectoryKind;
  /** What it is called now; names are compared without regard to case. */
  readonly name: string;
  /** What else it is called now, e.g. an address or a title. */
  readonly aliases?: readonly string[];
  /** What it was called once. Whoever still uses one of these is told the present name. */
  readonly formerNames?: readonly string[];
  /** Ids or names of what it belongs to, where that is known. */
  readonly parents?: readonly string[];
  /** False: it is kept in the directory, and nobody should be called by it any more. */
  readonly isActive: boolean;
}

export interface DirectoryPage {
  readonly entries: readonly DirectoryEntry[];
  /** What to ask for next; absent on the last page. */
  readonly next?: string;
}

/**
 * Lists what a directory of the organization knows (BR-AP-030, BR-QUAL-011). It is asked in the background, from time to time and from its beginning,
 * never because of an alert.
 *
 * @example
 * const directory: Directory<Config> = {
 *   async list(cursor = '1', { config, http }) {
 *     const answer = await http.request({ method: 'GET', url: `${config.url}/teams`, query: { page: cursor } });
 *     return readPage(answer.json());
 *   },
 * };
 */
export interface Directory<C> {
  /** One page; `cursor` is the `next` of the page before, undefined for the first. Throws a `Fault` when it can't tell. */
  list(cursor: string | undefined, context: Context<C>): Promise<DirectoryPage>;
}
