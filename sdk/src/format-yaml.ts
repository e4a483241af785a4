import { createRequire } from 'node:module';

/** Loaded when it is first needed: most hubs never write YAML, and a thread that does not is spared the parser too. */
const loadYaml = () => createRequire(import.meta.url)('yaml') as typeof import('yaml');

/**
 * Plain data as one document of YAML 1.2 (https://yaml.org/spec/1.2.2/), without tags and aliases; what JSON can hold comes back as it was (BR-INT-011).
 * Words that readers of YAML 1.1 take for something else (`yes`, `2020-01-01`) are quoted.
 *
 * @example
 * formatYaml({ labels: { host: 'db-1' } }); // labels:\n  host: db-1\n
 */
export function formatYaml(value: unknown): string {
  return loadYaml().stringify(value, {
    version: '1.2',
    schema: 'core',
    compat: 'yaml-1.1',
    aliasDuplicateObjects: false,
    lineWidth: 0,
    // A block would lose the white space of a text that begins with a blank line.
    blockQuote: false,
  });
}
