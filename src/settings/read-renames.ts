import { createAliases } from '../model/aliases.ts';
import type { NamedPlace } from '../model/directory-settings.ts';
import { LABEL_KINDS } from './list-names.ts';
import type { Renames, Report } from './report.ts';
import { OWNER_LABELS } from './schema-classification.ts';
import type { Written } from './schema.ts';

/** What `directory.aliases` says, and for which labels it counts. */
export function readRenames(written: Pick<Written, 'directory' | 'classification'> | undefined): Renames {
  const owners = written?.classification?.owner_labels ?? OWNER_LABELS;
  return {
    aliases: createAliases(written?.directory?.aliases ?? {}),
    ownerLabels: new Set([...LABEL_KINDS.keys(), ...owners]),
  };
}

/** The rules go on to hold; the words should be changed some day. */
export function warnRenamed(names: readonly NamedPlace[], report: Report): void {
  const { aliases } = report.renames;
  for (const { name, file, line, column, path } of names) {
    const present = aliases.present(name);
    if (present === name) continue;
    const message = `${JSON.stringify(name)} is called ${JSON.stringify(present)} now, by directory.aliases`;
    report.addWarning({
      code: 'renamed_name',
      message,
      file,
      line,
      column,
      path,
      hint: 'write the present name',
    });
  }
}
