#!/usr/bin/env node
// Runs one of the repository's own TypeScript files on Node.js 26: `node bin/run.js scripts/test.ts test/interop`.
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseNode, handOver } from './launch.js';

const [script, ...args] = process.argv.slice(2);
if (script === undefined) {
  process.stderr.write('usage: node bin/run.js SCRIPT [ARGUMENT…]\n');
  process.exit(2);
}
const { node, env } = chooseNode(dirname(dirname(fileURLToPath(import.meta.url))));
handOver({ node, args: [resolve(script), ...args], env });
