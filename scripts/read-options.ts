import { parseArgs, type ParseArgsConfig } from 'node:util';

/**
 * Reads the options of a script of this repository. `--help` prints the usage and ends; what is not known is named above it, with exit code 2.
 *
 * @example const { values } = readOptions('usage: npm run trace -- [--json]\n', { options: { json: { type: 'boolean' } } });
 */
export function readOptions<const T extends ParseArgsConfig>(
  usage: string,
  config: T,
): ReturnType<typeof parseArgs<T>> {
  if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
    process.stdout.write(usage);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}
