import type { DirectoryEntry } from '@signalbox/sdk';
import type { LdapSearch } from './config.ts';

/** As the client gives it: an attribute has one value, several, or an empty list. */
type Raw = Readonly<Record<string, unknown>> & { readonly dn: string };

/** Active Directory's ids are bytes. */
const BINARY = new Set(['objectguid', 'objectsid']);
const MAX_ID_CHARACTERS = 256;

/** What is asked for of each entry, and nothing else of it. */
export function wantedOf({ id, name, aliases, former_names: former, inactive }: LdapSearch) {
  const attributes = [id, name, ...aliases, ...former, ...(inactive ? [inactive.attribute] : []), 'memberOf'];
  return {
    attributes: [...new Set(attributes)],
    explicitBufferAttributes: BINARY.has(id.toLowerCase()) ? [id] : [],
  };
}

/** Undefined for an entry without a name: there is nothing to know it by. Without an id its place in the tree has to do. */
export function readEntry(raw: Raw, search: LdapSearch): DirectoryEntry | undefined {
  const { kind, inactive } = search;
  const [name, ...otherNames] = textsOf(raw, search.name);
  if (name === undefined) return undefined;
  const id = (textsOf(raw, search.id)[0] ?? raw.dn).slice(0, MAX_ID_CHARACTERS);
  const said = inactive ? textsOf(raw, inactive.attribute) : [];
  const aliases = [...otherNames, ...search.aliases.flatMap((one) => textsOf(raw, one))];
  const formerNames = search.former_names.flatMap((one) => textsOf(raw, one));
  const parents = [...textsOf(raw, 'memberOf'), parentOf(raw.dn)].flatMap((dn) => nameOf(dn) ?? []);
  return {
    id,
    kind,
    name,
    isActive: !said.some((value) => inactive!.values.includes(value)),
    ...(aliases.length === 0 ? {} : { aliases }),
    ...(formerNames.length === 0 ? {} : { formerNames }),
    ...(parents.length === 0 ? {} : { parents }),
  };
}

/** Names of attributes have no case (RFC 4512 §2.5). */
function textsOf(raw: Raw, attribute: string): readonly string[] {
  const wanted = attribute.toLowerCase();
  const key = Object.keys(raw).find((name) => name.toLowerCase() === wanted);
  const values: readonly unknown[] = key === undefined ? [] : [raw[key]].flat();
  return values
    .map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : value))
    .filter((value): value is string => typeof value === 'string' && value !== '');
}

const ESCAPED = /\\([0-9a-fA-F]{2})|\\(.)/g;

/** The value of the first part of a distinguished name (RFC 4514): `ou=retail,dc=example` is `retail`. */
function nameOf(dn: string): string | undefined {
  const value = /^[^=,]+=((?:\\.|[^,+\\])*)/.exec(dn)?.[1];
  if (value === undefined || value === '' || /^dc=/i.test(dn)) return undefined;
  return value.replace(ESCAPED, (_, hex: string | undefined, char: string) =>
    hex === undefined ? char : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function parentOf(dn: string): string {
  return dn.replace(/^(?:\\.|[^,\\])*,?/, '');
}
