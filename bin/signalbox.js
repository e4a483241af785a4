#!/usr/bin/env node
// Starts the hub's command line on Node.js 26, whatever Node.js started this file (see launch.js).
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runOn26 } from './launch.js';

const entry = fileURLToPath(import.meta.url);
const root = dirname(dirname(entry));

await runOn26({ root, entry, script: join(root, 'src', 'main.ts'), args: process.argv.slice(2) });
