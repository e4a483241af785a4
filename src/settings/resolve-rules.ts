import { formatMatcher } from '../model/create-matcher.ts';
import type { RuleSettings } from '../model/rule-settings.ts';
import { isLate } from '../rules/compile-rules.ts';
import { readCondition, type ReadCondition } from './resolve-condition.ts';
import type { Kinds } from './check-references.ts';
import type { Report } from './report.ts';
import type { Written } from './schema.ts';
import { didYouMean } from './suggest.ts';
import type { PathPart } from './tree.ts';

type WrittenRule = Written['rules'][number];

/** The rules as written, each with an id. What can never match is most likely a typing error, so it is a warning. */
export function resolveRules(
  written: Written['rules'],
  kinds: Kinds,
  report: Report,
): readonly RuleSettings[] {
  const ids = new Set<string>();
  const read = written.map((rule, index) => {
    const path = ['rules', index] as const;
    const id = rule.id ?? `rule-${index + 1}`;
    if (ids.has(id)) {
      const message = `the id ${report.quote([...path, 'id'], id)} stands twice`;
      report.error([...path, 'id'], {
        code: 'duplicate_id',
        message,
        hint: 'each rule counts under its own id',
      });
    }
    ids.add(id);
    const condition = readCondition(rule, path, report);
    if (rule.filter !== undefined) checkFilter(rule.filter, [...path, 'filter'], kinds, report);
    warnPointless(rule, condition, path, report);
    return { settings: settingsOf(id, rule, condition), condition };
  });
  warnShadowed(read, report);
  return read.map(({ settings }) => settings);
}

function settingsOf(id: string, rule: WrittenRule, { text }: ReadCondition): RuleSettings {
  const { priority, labels, annotations } = rule.set;
  return {
    id,
    ...text,
    ...(rule.filter === undefined ? {} : { filter: rule.filter }),
    ...(rule.hold === undefined ? {} : { hold: rule.hold }),
    set: { ...(priority === undefined ? {} : { priority }), labels, annotations },
    stop: rule.stop,
  };
}

function checkFilter(id: string, path: readonly PathPart[], kinds: Kinds, report: Report): void {
  const connector = kinds.get(id);
  if (!kinds.has(id)) {
    const message = `there is no integration ${report.quote(path, id)}`;
    report.error(path, { code: 'missing_reference', message, hint: didYouMean(id, [...kinds.keys()]) });
  } else if (connector && !connector.filter) {
    const message = `the integration ${report.quote(path, id)} can’t filter: the connector ${connector.id} is no filter`;
    report.error(path, { code: 'no_filter', message });
  }
}

function warnPointless(
  rule: WrittenRule,
  { condition }: ReadCondition,
  path: readonly [string, number],
  report: Report,
): void {
  if (condition?.isNever) {
    const message = 'this rule can never match: its condition contradicts itself';
    report.warn([...path, rule.when === undefined ? 'matchers' : 'when'], {
      code: 'rule_never_matches',
      message,
    });
  }
  const sets = rule.set.priority ?? Object.keys({ ...rule.set.labels, ...rule.set.annotations })[0];
  if (rule.hold === undefined && rule.filter === undefined && sets === undefined && !rule.stop) {
    const message = 'this rule only counts: it neither holds nor sets anything';
    report.warn([...path], { code: 'rule_without_effect', message });
  }
}

interface Read {
  readonly settings: RuleSettings;
  readonly condition: ReadCondition;
}

/**
 * A rule that stops takes from those behind it all that it matches: everything when it has no condition, and at least what has the same expression and
 * all of its matchers. Rules that read what is found out late are tried after all others, so they are compared among themselves, and an early stop counts
 * for them as well.
 */
function warnShadowed(read: readonly Read[], report: Report): void {
  read.forEach((later, index) => {
    const own = new Set((later.settings.matchers ?? []).map(formatMatcher));
    const cover = read.findIndex((earlier, at) => {
      const { when, matchers = [], filter, stop } = earlier.settings;
      if (!stop || filter !== undefined || earlier === later) return false;
      if (!goesBefore(earlier, at, later, index)) return false;
      if (when !== undefined && when !== later.settings.when) return false;
      return matchers.every((matcher) => own.has(formatMatcher(matcher)));
    });
    if (cover < 0) return;
    const message = `this rule can never match: the rule ${cover + 1} of this list stops all that it could match`;
    report.warn(['rules', index], {
      code: 'rule_never_matches',
      message,
      hint: 'change the order, or take its stop away',
    });
  });
}

function goesBefore(earlier: Read, at: number, later: Read, index: number): boolean {
  const [first, second] = [earlier, later].map(
    ({ condition }) => condition.condition && isLate(condition.condition),
  );
  return first === second ? at < index : !first;
}
