import { isFault } from '@signalbox/sdk';
import { checkNames, type NameCheck } from '../directory/check-names.ts';
import { indexDirectory } from '../directory/index-directory.ts';
import { readDirectory } from '../directory/read-directory.ts';
import type { NamedPlace } from '../model/directory-settings.ts';
import { formatPlace, type Finding } from '../settings/finding.ts';
import { CommandError } from './command-error.ts';
import { integrationOf, withLocalHost } from './local-host.ts';
import type { ReadSettings } from './read-settings.ts';
import type { Terminal } from './terminal.ts';

const TIMEOUT_MS = 10 * 60_000;

/** Reads the directory from this process and looks the names up. Throws what a person should read when it can't be read. */
export async function compareWithDirectory(
  read: Pick<ReadSettings, 'settings' | 'connectors'>,
  terminal: Pick<Terminal, 'now'>,
  asked: { readonly integration?: string; readonly names?: readonly NamedPlace[] } = {},
): Promise<NameCheck> {
  const { directory, names = [] } = read.settings;
  const id = asked.integration ?? directory?.integration;
  if (id === undefined)
    throw new CommandError('usage', 'the configuration names no directory: set directory.integration');
  return withLocalHost(read, terminal, async (host) => {
    const integration = integrationOf(host, id);
    try {
      const entries = await readDirectory(integration, AbortSignal.timeout(TIMEOUT_MS));
      return checkNames(asked.names ?? names, indexDirectory(entries), directory?.aliases ?? {});
    } catch (error) {
      if (!isFault(error)) throw error;
      throw new CommandError('failed', `${id} can't be read: ${error.code}: ${error.message}`, {
        cause: error,
      });
    }
  });
}

/** As warnings of a configuration. */
export function toFindings({ findings }: NameCheck): readonly Finding[] {
  return findings.map(({ verdict, file, line, column, path, message, advice }) => ({
    code: `${verdict}_name`,
    message,
    file,
    line,
    column,
    path,
    hint: advice.replace(/\.$/, ''),
  }));
}

export function describeNames({ findings, checked, notListed }: NameCheck): string {
  return [
    ...findings.map((finding) => `${formatPlace(finding)}: ${finding.message}. ${finding.advice}`),
    `${checked} names compared, ${findings.length} to look at.`,
    ...(notListed.length === 0
      ? []
      : [`The directory lists nothing that could be a ${notListed.join(' or a ').replaceAll('_', ' ')}.`]),
  ].join('\n');
}
