import type { DirectoryEntry, DirectoryKind } from '@signalbox/sdk';
import type { NameKind } from '../model/directory-settings.ts';

/** What a directory says of one name. `isFormer`: it was called so once. */
export interface Known {
  readonly entry: DirectoryEntry;
  readonly isFormer: boolean;
}

export interface DirectoryIndex {
  readonly size: number;
  /** Whether the directory lists anything that such a name could mean. */
  lists(kind: NameKind): boolean;
  /** The best that fits: active before not, a present name before a former one. */
  find(kind: NameKind, name: string): Known | undefined;
}

/** What a name of the configuration may be in the directory: organizations call the same thing a team, a unit or a tenant. */
const MEANT: Readonly<Record<NameKind, readonly DirectoryKind[]>> = {
  owner: ['team', 'unit', 'person'],
  team: ['team', 'unit'],
  tenant: ['unit', 'team'],
  business_unit: ['unit', 'team'],
  cost_center: ['cost_center'],
  person: ['person'],
};

export function indexDirectory(entries: readonly DirectoryEntry[]): DirectoryIndex {
  const byName = new Map<string, Known[]>();
  const add = (name: string, known: Known): void =>
    void byName.getOrInsertComputed(foldCase(name), () => []).push(known);
  for (const entry of entries) {
    const { id, name, aliases = [], formerNames = [] } = entry;
    for (const text of new Set([id, name, ...aliases])) add(text, { entry, isFormer: false });
    for (const text of formerNames) add(text, { entry, isFormer: true });
  }
  const kinds = new Set(entries.map(({ kind }) => kind));
  return {
    size: entries.length,
    lists: (kind) => MEANT[kind].some((meant) => kinds.has(meant)),
    find(kind, name) {
      const fitting = (byName.get(foldCase(name)) ?? []).filter(({ entry }) =>
        MEANT[kind].includes(entry.kind),
      );
      const rank = ({ entry, isFormer }: Known): number => (entry.isActive ? 0 : 2) + (isFormer ? 1 : 0);
      return fitting.toSorted((left, right) => rank(left) - rank(right))[0];
    },
  };
}

/** Names are compared as directories do, without regard to case and to how letters are composed. */
export function foldCase(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}
