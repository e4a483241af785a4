import { createRequire } from 'node:module';
import type { parse } from 'yaml';

const load = createRequire(import.meta.url);
const TIMESTAMP = 'tag:yaml.org,2002:timestamp';

/**
 * A structure whose texts, keys of maps included, are templates. As in Alertmanager, a text that renders to YAML of another kind becomes
 * that: `"3"` a number, `"true"` a truth value, JSON a structure, nothing `null`. What came out is not rendered once more, because a
 * label may hold braces.
 */
export function renderStructure(value: unknown, render: (source: string) => string): unknown {
  if (typeof value === 'string') return readKind(render(value));
  if (Array.isArray(value)) return value.map((item) => renderStructure(item, render));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, item]) => [render(key), renderStructure(item, render)] as const)
        .sort(([left], [right]) => (left < right ? -1 : 1)),
    );
  }
  return value;
}

function readKind(text: string): unknown {
  // Loaded when it is needed, which for most threads is never.
  const yaml = load('yaml') as { readonly parse: typeof parse };
  try {
    const value: unknown = yaml.parse(text, {
      version: '1.1',
      logLevel: 'silent',
      customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || tag.tag !== TIMESTAMP),
    });
    return typeof value === 'string' ? text : value;
  } catch {
    // Most texts are no YAML, and are meant as they are.
    return text;
  }
}
