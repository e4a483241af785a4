import type { Circumstances } from '../model/rule-settings.ts';
import type { Condition } from '../rules/condition.ts';
import type { Report } from './report.ts';
import { readCondition, type WrittenCondition } from './resolve-condition.ts';
import { didYouMean } from './suggest.ts';
import type { PathPart } from './tree.ts';

type Path = readonly PathPart[];

export interface WrittenCircumstances extends WrittenCondition {
  readonly environments?: string | readonly string[];
  readonly within?: string;
  readonly outside?: string;
}

/** Which alerts something is said of; the business hours that it names have to be there. */
export function readCircumstances(
  written: WrittenCircumstances,
  businessHours: object,
  path: Path,
  report: Report,
): { readonly circumstances: Circumstances; readonly condition?: Condition } {
  const { within, outside } = written;
  const { text, condition } = readCondition(written, path, report);
  const hours = within ?? outside;
  if (within !== undefined && outside !== undefined) {
    const message = 'expected either "within" or "outside", not both';
    report.error([...path, 'outside'], { code: 'wrong_value', message }, 'key');
  }
  if (hours !== undefined) {
    const at = [...path, within === undefined ? 'outside' : 'within'];
    checkName('business hours', hours, businessHours, at, report);
  }
  return {
    circumstances: {
      ...text,
      environments: [written.environments ?? []].flat(),
      ...(hours === undefined ? {} : { hours: { name: hours, isOpen: within !== undefined } }),
    },
    ...(condition ? { condition } : {}),
  };
}

/** Whether nothing is asked, so that it holds for all alerts. */
export function isGeneral({ matchers = [], when, environments, hours }: Circumstances): boolean {
  return matchers.length === 0 && when === undefined && environments.length === 0 && !hours;
}

/** An error where something is named that is not there; `as: 'key'` where the name is the key of what stands there. */
export function checkName(
  what: string,
  name: string,
  known: object,
  at: Path,
  report: Report,
  as: 'key' | 'value' = 'value',
): void {
  if (Object.hasOwn(known, name)) return;
  const message = `there is no ${what} ${report.quote(at, name)}`;
  report.error(at, { code: 'missing_reference', message, hint: didYouMean(name, Object.keys(known)) }, as);
}

/** An error for each id that an earlier one of the list has. */
export function checkIds(what: string, list: readonly { readonly id: string }[], path: Path, report: Report) {
  const seen = new Set<string>();
  list.forEach(({ id }, index) => {
    if (seen.has(id)) {
      const message = `another ${what} has this id`;
      report.error([...path, index, 'id'], { code: 'wrong_value', message });
    }
    seen.add(id);
  });
}
