import { existsSync, readFileSync } from 'node:fs';
import { formatFinding, sortFindings, type Finding } from '../settings/finding.ts';
import { CommandError } from './command-error.ts';

const MAX_FILE_BYTES = 67_108_864;

/** A file of what people wrote; `-` is standard input. */
export function readText(file: string): string {
  if (file !== '-' && !existsSync(file)) throw new CommandError('usage', `there is no file ${file}`);
  try {
    const bytes = readFileSync(file === '-' ? process.stdin.fd : file);
    if (bytes.length <= MAX_FILE_BYTES) return bytes.toString('utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new CommandError('usage', `${file} can’t be read${code}`, { cause });
  }
  throw new CommandError('usage', `${file} is larger than 64 MiB`);
}

/** Ends the command with all findings, in their order; none: goes on. */
export function refuse(findings: readonly Finding[]): void {
  if (findings.length > 0)
    throw new CommandError('usage', sortFindings(findings).map(formatFinding).join('\n'));
}
