import { resolve } from 'node:path';
import type { StorageSettings } from '../model/settings.ts';
import { MoveError } from './move-error.ts';

/** Where an installation keeps its data: all of it in a folder, or its store, or store and journal, on servers. */
export type Place = Pick<StorageSettings, 'path' | 'url' | 'journalUrl'>;

/** Whether anything of it lies in the folder, whose lock is then to be held. */
export function usesFolder({ url, journalUrl }: Place): boolean {
  return url === undefined || journalUrl === undefined;
}

/** For people and for notes in the data: no user, no password. */
export function labelOf({ path, url, journalUrl }: Place): string {
  if (url === undefined) return path;
  return journalUrl === undefined ? `${bare(url)} and ${path}` : `${bare(url)} and ${bare(journalUrl)}`;
}

/** Scheme, hosts and name. Several hosts are no URL for the platform's own parser. */
function bare(url: string): string {
  const [, scheme, rest] = /^([a-z]+:\/\/)([^?#]*)/.exec(url) ?? [undefined, '', ''];
  return scheme + rest.slice(rest.lastIndexOf('@') + 1);
}

/** Refuses a move onto itself as far as names tell; the locks tell the rest. */
export function assertApart(from: Place, to: Place): void {
  const isSameFolder = usesFolder(from) && usesFolder(to) && resolve(from.path) === resolve(to.path);
  const isSameStore = from.url !== undefined && to.url !== undefined && bare(from.url) === bare(to.url);
  const isSameJournal =
    from.journalUrl !== undefined &&
    to.journalUrl !== undefined &&
    bare(from.journalUrl) === bare(to.journalUrl);
  if (!isSameFolder && !isSameStore && !isSameJournal) return;
  throw new MoveError(
    'same_place',
    `${labelOf(from)} can't be moved to ${labelOf(to)}: a part of it is the same`,
  );
}
