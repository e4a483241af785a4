import {
  readList,
  readObject,
  readText,
  wrongShape,
  type DirectoryEntry,
  type DirectoryKind,
} from '@signalbox/sdk';
import type { Endpoint } from './ask.ts';
import type { ScimConfig } from './config.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What one page says, and how far the list is. */
export interface Page {
  readonly entries: readonly DirectoryEntry[];
  /** How many resources it had; entries are more where users name units. */
  readonly found: number;
  readonly total: number;
}

/** A ListResponse (RFC 7644 §3.4.2). */
export function readPage(body: unknown, endpoint: Endpoint, config: ScimConfig): Page {
  const { totalResults, Resources = [] } = readObject(body, '');
  if (typeof totalResults !== 'number') throw wrongShape('totalResults', 'a number');
  const resources = readList(Resources, 'Resources').map((one, index) =>
    readObject(one, `Resources[${index}]`),
  );
  const entries = resources.flatMap((one, index) =>
    endpoint === 'Groups'
      ? [readGroup(one, `Resources[${index}]`, config)]
      : readUser(one, `Resources[${index}]`, config),
  );
  return { entries: unique(entries), found: resources.length, total: totalResults };
}

function readGroup(group: Fields, at: string, config: ScimConfig): DirectoryEntry {
  const id = readText(group.id, `${at}.id`);
  const name = readText(group.displayName, `${at}.displayName`);
  const formerNames = formerNamesOf(group, config);
  const aliases = textsAt(group, 'externalId');
  return { id, kind: 'team', name, isActive: true, ...present({ aliases, formerNames }) };
}

/** A user (RFC 7643 §4.1), and the units and cost centers that it names: SCIM has no lists of those. */
function readUser(user: Fields, at: string, config: ScimConfig): readonly DirectoryEntry[] {
  const id = readText(user.id, `${at}.id`);
  const name = readText(user.userName, `${at}.userName`);
  const isActive = user.active !== false;
  const units = config.unit_attributes.flatMap((attribute) => textsAt(user, attribute));
  const centers = config.cost_center_attributes.flatMap((attribute) => textsAt(user, attribute));
  const aliases = [
    ...textsAt(user, 'displayName'),
    ...textsAt(user, 'externalId'),
    ...valuesOf(user.emails),
  ].filter((alias) => alias !== name);
  const person: DirectoryEntry = {
    id,
    kind: 'person',
    name,
    isActive,
    ...present({
      aliases: [...new Set(aliases)],
      formerNames: formerNamesOf(user, config),
      parents: [...valuesOf(user.groups), ...units],
    }),
  };
  // A unit that only people name who have left is no longer known to exist.
  if (!isActive) return [person];
  return [person, ...units.map(named('unit')), ...centers.map(named('cost_center'))];
}

const named =
  (kind: DirectoryKind) =>
  (name: string): DirectoryEntry => ({ id: `${kind}:${name}`.slice(0, 256), kind, name, isActive: true });

function formerNamesOf(
  resource: Fields,
  { former_names_attribute: attribute }: ScimConfig,
): readonly string[] {
  return attribute === undefined ? [] : textsAt(resource, attribute);
}

/** The texts of an attribute: one, or a list of them; an extension is an object under its URN. */
function textsAt(resource: Fields, attribute: string): readonly string[] {
  const colon = attribute.lastIndexOf(':');
  const holder = colon < 0 ? resource : resource[attribute.slice(0, colon)];
  if (typeof holder !== 'object' || holder === null) return [];
  const value: unknown = (holder as Fields)[attribute.slice(colon + 1)];
  return [value].flat().filter((text): text is string => typeof text === 'string' && text !== '');
}

/** The values of an attribute that has several, each with a type and so on (RFC 7643 §2.4). */
function valuesOf(list: unknown): readonly string[] {
  if (!Array.isArray(list)) return [];
  return (list as readonly unknown[]).flatMap((one) => textsAt(Object(one) as Fields, 'value'));
}

function present(lists: Pick<DirectoryEntry, 'aliases' | 'formerNames' | 'parents'>) {
  return Object.fromEntries(Object.entries(lists).filter(([, texts]) => texts.length > 0));
}

function unique(entries: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()];
}
