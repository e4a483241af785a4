import { Fault } from './fault.ts';

/** The start of a name in XML 1.0 without the rarer scripts, which senders do not use for elements. */
const NAME = /^[\p{L}_:][\p{L}\p{N}_:.-]*$/u;
/** The same bound as for what comes in. */
const MAX_DEPTH = 64;
// Everything that XML 1.0 can't hold, not even as a reference, and the carriage return, which every reader turns into a line feed.
// oxlint-disable-next-line no-control-regex
const UNWRITABLE = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/;

/**
 * Plain data as XML 1.0 (https://www.w3.org/TR/xml/), in the way in which the hub reads XML (BR-INT-011): the one field of the value is the root
 * element, a list repeats its element, `@name` is an attribute and `#text` the text beside attributes.
 *
 * What comes back when it is read again is the same but for types, which XML does not have: numbers, true and false become text, null an empty
 * text, a list with one item that item, and an empty list nothing. Attributes come first, and the order of elements with different names between each other is
 * that of the fields. What would come back as something else is refused: a list in a list or as root, names that XML does not allow,
 * control characters, white space around an attribute.
 *
 * @throws Fault `SB_REJECTED`, `field` naming the place.
 * @example
 * formatXml({ alert: { '@id': '7', name: 'Disk' } }); // <alert id="7"><name>Disk</name></alert>
 */
export function formatXml(value: unknown): string {
  const [root, ...others] = isObject(value) ? Object.entries(value) : [];
  if (root === undefined || others.length > 0 || Array.isArray(root[1]))
    throw refused(
      '',
      'XML has one root element: the value must be an object with one field, which is no list',
    );
  return element(root[0], root[1], root[0], 1);
}

function element(name: string, value: unknown, path: string, depth: number): string {
  if (depth > MAX_DEPTH) throw refused(path, `the value nests deeper than ${MAX_DEPTH} levels`);
  checkName(name, path);
  if (!isObject(value)) return wrap(name, '', textOf(value, path));
  let attributes = '';
  let content = '';
  for (const [key, item] of Object.entries(value)) {
    const place = `${path}.${key}`;
    if (key === '#text') content += textOf(item, place);
    else if (key.startsWith('@')) attributes += attribute(key.slice(1), item, place);
    else
      content += (Array.isArray(item) ? item : [item])
        .map((one, index) => {
          const own = Array.isArray(item) ? `${place}[${index}]` : place;
          if (Array.isArray(one)) throw refused(own, 'XML has no list in a list');
          return element(key, one, own, depth + 1);
        })
        .join('');
  }
  return wrap(name, attributes, content);
}

function wrap(name: string, attributes: string, content: string): string {
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
}

function attribute(name: string, value: unknown, path: string): string {
  checkName(name, path);
  const text = scalarOf(value, path);
  if (text.trim() !== text || /[\t\n]/.test(text))
    throw refused(path, 'readers of XML take white space around an attribute, and lines in it, away');
  return ` ${name}="${escape(text).replaceAll('"', '&quot;')}"`;
}

/** Readers leave white space around text out, but not that in a CDATA section. */
function textOf(value: unknown, path: string): string {
  const text = scalarOf(value, path);
  return text.trim() === text ? escape(text) : `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

function scalarOf(value: unknown, path: string): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') throw refused(path, 'an attribute or a text is no list and no object');
  if (UNWRITABLE.test(value) || !value.isWellFormed())
    throw refused(path, 'the text holds a character that XML can not hold');
  return value;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function checkName(name: string, path: string): void {
  if (!NAME.test(name)) throw refused(path, 'this is no name of an element or attribute of XML');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(field: string, problem: string): Fault {
  return new Fault('SB_REJECTED', `${field === '' ? '' : `${field}: `}${problem}.`, { field });
}
