import type { Static } from '@signalbox/sdk';
import type { DirectorySettings } from '../model/directory-settings.ts';
import type { Kinds } from './check-references.ts';
import { parseDuration } from './quantity.ts';
import type { Report } from './report.ts';
import type { directory } from './schema-directory.ts';
import { didYouMean } from './suggest.ts';

export function resolveDirectory(
  written: Static<typeof directory> | undefined,
  kinds: Kinds,
  report: Report,
): DirectorySettings | undefined {
  if (!written) return undefined;
  const { integration, refresh, aliases } = written;
  const at = ['directory', 'integration'];
  if (integration !== undefined && !kinds.has(integration)) {
    const message = `there is no integration ${report.quote(at, integration)}`;
    report.error(at, {
      code: 'missing_reference',
      message,
      hint: didYouMean(integration, [...kinds.keys()]),
    });
  } else if (integration !== undefined && kinds.get(integration) && !kinds.get(integration)!.directory) {
    const message = `the integration ${report.quote(at, integration)} can’t do this: its connector is no directory`;
    report.error(at, { code: 'no_directory', message });
  }
  checkAliases(aliases, report);
  return {
    ...(integration === undefined ? {} : { integration }),
    refreshMs: parseDuration(refresh)!,
    aliases,
  };
}

/** A name that was renamed twice is written with its last name each time: then nothing has to be followed, and nothing can go in a circle. */
function checkAliases(aliases: DirectorySettings['aliases'], report: Report): void {
  for (const [former, present] of Object.entries(aliases)) {
    const path = ['directory', 'aliases', former];
    if (former === present) {
      report.error(path, { code: 'wrong_value', message: 'this is the same name' });
    } else if (Object.hasOwn(aliases, present)) {
      const message = `${report.quote(path, present)} was renamed as well`;
      const hint = `write the present name, ${JSON.stringify(aliases[present])}`;
      report.error(path, { code: 'wrong_value', message, hint });
    }
  }
}
