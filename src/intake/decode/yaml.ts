import { parseDocument } from 'yaml';
import { problem } from '../problem.ts';
import { sanitise } from '../sanitise.ts';
import { malformed, placeOf, type Decoded } from './text.ts';

/** The parser needs about 6 µs per byte on hostile input and runs on the intake's thread; a signal has no use for more. */
const MAX_YAML_LENGTH = 128 * 1024;

/** Aliases may multiply the document by this much at most. */
const MAX_ALIASES = 100;

/** One YAML 1.2 document of the core schema: no tags of its own, bounded aliases, text as keys. */
export function decodeYaml(text: string, depth: number): Decoded<unknown> {
  if (text.length > MAX_YAML_LENGTH) {
    return {
      problem: problem('body_too_large', `A YAML body may have ${MAX_YAML_LENGTH} characters at most.`),
    };
  }
  try {
    const document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      strict: true,
      stringKeys: true,
      // Comparing all keys with each other takes quadratic time; the last of two wins, as in JSON.
      uniqueKeys: false,
      resolveKnownTags: false,
      prettyErrors: false,
      logLevel: 'error',
    });
    const fault = document.errors[0] ?? document.warnings[0];
    if (fault) {
      const what =
        fault.code === 'TAG_RESOLVE_FAILED' ? 'holds a tag that is not taken' : 'is not valid YAML';
      return malformed(`The body ${what}: ${placeOf(text, fault.pos[0])}.`);
    }
    return sanitise(document.toJS({ maxAliasCount: MAX_ALIASES }), depth);
  } catch {
    return malformed(
      'The body is not valid YAML: an alias is unknown or used too often, or it nests too deeply.',
    );
  }
}
