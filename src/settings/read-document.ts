import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Alias,
  type Document,
  type Node,
} from 'yaml';
import type { Finding, Place } from './finding.ts';
import { findingAt, pointerOf, type PathPart, type Tree } from './tree.ts';

/** Generous for people, and a stop for documents that unfold through aliases. */
const MAX_NODES = 200_000;
const MAX_DEPTH = 64;

/** Messages of the parser may quote the file, and so a secret; these never do. */
const SYNTAX: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key stands twice in the same map',
  TAB_AS_INDENT: 'a tab can’t indent; use spaces',
  BAD_INDENT: 'the indentation does not fit',
  MISSING_CHAR: 'a quote, bracket or comma is missing',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line; a quote or a colon may be missing',
  BLOCK_AS_IMPLICIT_KEY: 'a colon does not fit here; put the text in quotes',
  MULTIPLE_DOCS: 'expected one document, without ---',
  TAG_RESOLVE_FAILED: 'tags are not allowed',
  BAD_ALIAS: 'the alias does not name an anchor before it',
};

/** Reads one YAML or JSON text. A text with errors yields what could be read, and the errors. */
export function readDocument(
  text: string,
  file: string,
): { readonly tree: Tree; readonly findings: readonly Finding[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    version: '1.2',
    schema: 'core',
    merge: false,
  });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const findings: Finding[] = [...document.errors, ...document.warnings].map((problem) => ({
    code: 'syntax',
    message:
      SYNTAX[problem.code] ?? `this is not valid YAML (${problem.code.toLowerCase().replaceAll('_', ' ')})`,
    ...placeAt(problem.pos[0]),
    path: '',
  }));
  const tree: Tree = { value: undefined, places: new Map(), external: new Set() };
  const reading: Reading = { document, tree, findings, placeAt, nodes: 0, targets: new Map() };
  tree.places.set('', { file, line: 1, column: 1 });
  tree.value = document.contents === null ? {} : (convert(reading, document.contents, []) ?? {});
  return { tree, findings };
}

interface Reading {
  readonly document: Document;
  readonly tree: Tree;
  readonly findings: Finding[];
  readonly placeAt: (offset: number) => Place;
  nodes: number;
  /** Looking one up walks the whole document. */
  readonly targets: Map<Alias, Node | undefined>;
}

function convert(reading: Reading, node: unknown, path: readonly PathPart[], key?: Place): unknown {
  const { tree } = reading;
  const start = (node as Node | null)?.range?.[0];
  const pointer = pointerOf(path);
  const place = start === undefined ? key : reading.placeAt(start);
  if (place) tree.places.set(pointer, key ? { ...place, key } : place);
  const refuse = (message: string): undefined => {
    reading.findings.push(findingAt(tree, pointer, { code: 'syntax', message }));
    return undefined;
  };
  if (path.length > MAX_DEPTH) return refuse(`expected at most ${MAX_DEPTH} levels`);
  if (++reading.nodes > MAX_NODES) {
    return reading.nodes === MAX_NODES + 1
      ? refuse(`expected at most ${MAX_NODES} values; aliases may unfold to more`)
      : undefined;
  }
  if (isAlias(node)) {
    const target = reading.targets.getOrInsertComputed(node, () => node.resolve(reading.document));
    return target ? convert(reading, target, path, key) : refuse(SYNTAX.BAD_ALIAS!);
  }
  if (isSeq(node)) return node.items.map((item, index) => convert(reading, item, [...path, index]));
  if (isMap(node)) {
    const map: Record<string, unknown> = {};
    for (const pair of node.items) {
      const keyPlace = reading.placeAt((pair.key as Node | null)?.range?.[0] ?? start ?? 0);
      const name = isScalar(pair.key) ? nameOf(pair.key.value) : undefined;
      if (name === undefined) {
        reading.findings.push({
          code: 'syntax',
          message: 'expected a plain word as key',
          ...keyPlace,
          path: pointer,
        });
        continue;
      }
      map[name] = convert(reading, pair.value, [...path, name], keyPlace);
    }
    return map;
  }
  return isScalar(node) ? node.value : null;
}

/** Numbers and booleans are keys as well, e.g. of labels. `__proto__` would be the prototype of the map. */
function nameOf(key: unknown): string | undefined {
  if (typeof key === 'number' || typeof key === 'boolean') return String(key);
  return typeof key === 'string' && key !== '__proto__' ? key : undefined;
}
