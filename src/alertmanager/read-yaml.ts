import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { Finding, Place } from '../settings/finding.ts';
import { findingAt, pointerOf, type PathPart, type Tree } from '../settings/tree.ts';

/** Stops for documents that unfold through aliases, or are nested without end. */
const MAX_NODES = 200_000;
const MAX_DEPTH = 64;

/** A value as it was written: what type a text has depends on the field it is for, as in Alertmanager's own reader. */
export type YamlValue = YamlScalar | readonly YamlValue[] | YamlMap;

export interface YamlScalar {
  readonly text: string;
  /** Without quotes, so that it may be a number, a boolean or nothing. */
  readonly plain: boolean;
}

export type YamlMap = ReadonlyMap<string, YamlValue>;

export interface ReadYaml {
  readonly value: YamlValue;
  /** Where each part was written. */
  readonly tree: Tree;
  readonly findings: readonly Finding[];
}

interface Reading {
  readonly document: Document;
  readonly tree: Tree;
  readonly findings: Finding[];
  readonly placeAt: (offset: number) => Place;
  nodes: number;
}

/** Reads a YAML text as Go's yaml.v2 does: anchors, merge keys (`<<`), no key twice. */
export function readYaml(text: string, file: string): ReadYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    schema: 'failsafe',
  });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const findings: Finding[] = document.errors.map((problem) => ({
    code: 'syntax',
    // The parser's own message may quote the file, and so a secret.
    message: `this is not valid YAML (${problem.code.toLowerCase().replaceAll('_', ' ')})`,
    ...placeAt(problem.pos[0]),
    path: '',
  }));
  const tree: Tree = { value: undefined, places: new Map(), external: new Set() };
  tree.places.set('', { file, line: 1, column: 1 });
  const reading: Reading = { document, tree, findings, placeAt, nodes: 0 };
  const value = document.contents === null ? NOTHING : convert(reading, document.contents, []);
  return { value, tree, findings };
}

export const NOTHING: YamlScalar = { text: '', plain: true };

function convert(reading: Reading, node: unknown, path: readonly PathPart[], key?: Place): YamlValue {
  const { tree, findings, document } = reading;
  const pointer = pointerOf(path);
  const start = (node as Node | null)?.range?.[0];
  const place = start === undefined ? key : reading.placeAt(start);
  if (place) tree.places.set(pointer, key ? { ...place, key } : place);
  const refuse = (message: string): YamlValue => {
    findings.push(findingAt(tree, pointer, { code: 'syntax', message }));
    return NOTHING;
  };
  if (path.length > MAX_DEPTH) return refuse(`expected at most ${MAX_DEPTH} levels`);
  if (++reading.nodes > MAX_NODES) {
    return reading.nodes === MAX_NODES + 1
      ? refuse(`expected at most ${MAX_NODES} values; aliases may unfold to more`)
      : NOTHING;
  }
  if (isAlias(node)) {
    const target = node.resolve(document);
    return target
      ? convert(reading, target, path, key)
      : refuse('the alias does not name an anchor before it');
  }
  if (isSeq(node)) return node.items.map((item, index) => convert(reading, item, [...path, index]));
  if (isMap(node)) return convertMap(reading, node.items, path);
  if (!isScalar(node)) return NOTHING;
  return { text: textOfScalar(node.value), plain: node.type === 'PLAIN' || node.type === undefined };
}

/** Keys of the map itself go before those that are merged in. */
function convertMap(
  reading: Reading,
  pairs: readonly { key: unknown; value: unknown }[],
  path: readonly PathPart[],
): YamlMap {
  const map = new Map<string, YamlValue>();
  const merged: unknown[] = [];
  for (const { key, value } of pairs) {
    const place = reading.placeAt((key as Node | null)?.range?.[0] ?? 0);
    if (!isScalar(key)) {
      reading.findings.push({
        code: 'syntax',
        message: 'expected a plain word as key',
        ...place,
        path: '',
      });
    } else if (textOfScalar(key.value) === '<<' && key.type === 'PLAIN') {
      merged.push(...(isSeq(value) ? value.items : [value]));
    } else {
      const name = textOfScalar(key.value);
      map.set(name, convert(reading, value, [...path, name], place));
    }
  }
  for (const source of merged) {
    const target = isAlias(source) ? source.resolve(reading.document) : source;
    if (!isMap(target)) continue;
    const own = target.items.filter(({ key }) => !(isScalar(key) && map.has(textOfScalar(key.value))));
    for (const [name, value] of convertMap(reading, own, path)) map.set(name, value);
  }
  return map;
}

/** Without a schema for types, all scalars are texts. */
function textOfScalar(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function isYamlMap(value: YamlValue | undefined): value is YamlMap {
  return value instanceof Map;
}

export function isYamlList(value: YamlValue | undefined): value is readonly YamlValue[] {
  return Array.isArray(value);
}

export function isYamlScalar(value: YamlValue | undefined): value is YamlScalar {
  return value !== undefined && !isYamlMap(value) && !isYamlList(value);
}

/** `key:` with nothing behind it, `~` or `null`. */
export function isNothing(value: YamlValue | undefined): boolean {
  return (
    value === undefined || (isYamlScalar(value) && value.plain && /^(?:~|null|Null|NULL|)$/.test(value.text))
  );
}
