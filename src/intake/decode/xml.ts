import { createRequire } from 'node:module';
import type { XMLParser } from 'fast-xml-parser';
import { sanitise } from '../sanitise.ts';
import { malformed, type Decoded } from './text.ts';

/** Loaded by the first signal in XML; most hubs get none. */
const loadParser = () =>
  createRequire(import.meta.url)('fast-xml-parser') as typeof import('fast-xml-parser');

/**
 * XML as an object: elements by name, repeated ones as a list, attributes with `@` in front, text beside attributes as
 * `#text`; every value stays text. Document types are refused, so that no entity but the five of the standard exists
 * (XXE, billion laughs).
 *
 * @example
 * decodeXml('<alert id="7"><name>Disk</name></alert>', 32); // { value: { alert: { '@id': '7', name: 'Disk' } } }
 */
export function decodeXml(text: string, depth: number): Decoded<unknown> {
  const declaration = declarationIn(text);
  if (declaration !== undefined) return malformed(declaration);
  try {
    const valid = loadParser().XMLValidator.validate(text);
    if (valid !== true) {
      return malformed(
        `The body is not well-formed XML: line ${valid.err.line}, column ${valid.err.col ?? 1}.`,
      );
    }
    return sanitise(parserFor(depth).parse(text), depth);
  } catch {
    return malformed('The body is XML that is not taken here: a reserved name or too deep a nesting.');
  }
}

function parserFor(depth: number): XMLParser {
  const parser = loadParser();
  return new parser.XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    ignoreDeclaration: true,
    ignorePiTags: true,
    parseTagValue: false,
    parseAttributeValue: false,
    allowBooleanAttributes: false,
    maxNestedTags: depth,
  });
}

/** Looks for declarations outside of comments and character data, in one pass; says what is wrong, if anything. */
function declarationIn(text: string): string | undefined {
  let at = text.indexOf('<!');
  while (at !== -1) {
    const end = text.startsWith('<!--', at)
      ? text.indexOf('-->', at + 4)
      : text.startsWith('<![CDATA[', at)
        ? text.indexOf(']]>', at + 9)
        : undefined;
    if (end === undefined) return 'The body holds a document type or entity declaration, which is not taken.';
    if (end === -1) return 'The body is not well-formed XML: a comment or character data does not end.';
    at = text.indexOf('<!', end + 3);
  }
  return undefined;
}
