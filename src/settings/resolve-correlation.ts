import type { Matcher } from '../model/matcher.ts';
import type { CorrelationRule, Settings } from '../model/settings.ts';
import { compileCondition } from '../rules/condition.ts';
import { parseDuration } from './quantity.ts';
import type { Report } from './report.ts';
import { compileAt } from './resolve-condition.ts';
import { readMatchers } from './resolve-matchers.ts';
import type { Written } from './schema.ts';
import type { PathPart } from './tree.ts';

type Resolved = Pick<Settings, 'correlation' | 'incidents' | 'topology' | 'flapping' | 'storm'>;

/** What is left out stays absent, so that nothing is computed or kept for it. */
export function resolveCorrelation(written: Written, report: Report): Resolved {
  checkRules(written, report);
  const { correlation, topology, flapping, storm } = written;
  const rules = correlation.rules.map((_, index) => readRule(written, index, report));
  return {
    ...(rules.length === 0 ? {} : { correlation: { rules }, incidents: readIncidents(written, report) }),
    ...(topology && {
      topology: {
        label: topology.label,
        dependencies: Object.fromEntries(
          Object.entries(topology.services).map(([service, { depends_on: needed }]) => [service, needed]),
        ),
        suppress: topology.suppress,
      },
    }),
    ...(flapping && { flapping: readFlapping(flapping, report) }),
    ...(storm && { storm: readStorm(storm, report) }),
  };
}

function readRule({ correlation }: Written, index: number, report: Report): CorrelationRule {
  const {
    id,
    matchers = [],
    same,
    window,
    hops,
    similarity,
    when,
    parent = [],
    parent_when: parentWhen,
    changes = [],
    changes_when: changesWhen,
    ...rest
  } = correlation.rules[index]!;
  const path = ['correlation', 'rules', index];
  const asked = {
    matchers: readMatchers(matchers, [...path, 'matchers'], report),
    parent: readMatchers(parent, [...path, 'parent'], report),
    changes: readMatchers(changes, [...path, 'changes'], report),
  };
  checkCondition({ when, matchers: asked.matchers }, path, ['when', 'matchers'], report);
  checkCondition({ when: parentWhen, matchers: asked.parent }, path, ['parent_when', 'parent'], report);
  checkCondition({ when: changesWhen, matchers: asked.changes }, path, ['changes_when', 'changes'], report);
  return {
    id,
    ...asked,
    ...(when === undefined ? {} : { when }),
    ...(parentWhen === undefined ? {} : { parentWhen }),
    ...(changesWhen === undefined ? {} : { changesWhen }),
    same,
    windowMs: parseDuration(window)!,
    ...(hops === undefined ? {} : { hops }),
    ...(similarity === undefined ? {} : { similarity }),
    changesMs: parseDuration(rest.changes_within)!,
  };
}

/** An expression that does not compile is an error; what can never hold is most likely a typing error. */
function checkCondition(
  { when, matchers }: { readonly when: string | undefined; readonly matchers: readonly Matcher[] },
  rule: readonly PathPart[],
  [ofExpression, ofMatchers]: readonly [string, string],
  report: Report,
): void {
  const path = [...rule, when === undefined ? ofMatchers : ofExpression];
  const condition = compileAt(path, report, () =>
    compileCondition({ matchers, ...(when === undefined ? {} : { when }) }),
  );
  if (condition?.isNever) {
    const message = 'this can never hold: the condition contradicts itself';
    report.warn(path, { code: 'rule_never_matches', message });
  }
}

function checkRules({ correlation, topology }: Written, report: Report): void {
  const { rules } = correlation;
  rules.forEach(({ id, hops }, index) => {
    const path = ['correlation', 'rules', index];
    if (rules.findIndex((other) => other.id === id) !== index) {
      const message = `there is another rule ${report.quote([...path, 'id'], id)}`;
      report.error([...path, 'id'], { code: 'wrong_value', message });
    }
    if (hops !== undefined && topology === undefined) {
      const message = 'without a topology nothing is known of dependencies';
      report.error([...path, 'hops'], {
        code: 'missing_setting',
        message,
        hint: 'describe the services in topology',
      });
    }
    const everything = rules
      .slice(0, index)
      .find(({ matchers = [], when }) => matchers.length === 0 && when === undefined);
    if (everything) {
      const message = `no alert can get here: rule ${report.quote([...path, 'id'], everything.id)} takes them all`;
      report.warn(path, {
        code: 'unreachable_rule',
        message,
        hint: 'give that one a condition, or put it last',
      });
    }
  });
}

function readIncidents({ incidents }: Written, report: Report): NonNullable<Settings['incidents']> {
  const escalateAfter = incidents.escalate_after.map(({ after, severity }) => ({
    afterMs: parseDuration(after)!,
    severity,
  }));
  escalateAfter.forEach(({ afterMs }, index) => {
    if (index === 0 || afterMs > escalateAfter[index - 1]!.afterMs) return;
    const message = 'expected steps in the order of time: this one comes no later than the one before';
    report.error(['incidents', 'escalate_after', index, 'after'], { code: 'wrong_value', message });
  });
  const reopenWindowMs = parseDuration(incidents.reopen_window)!;
  const closeAfterMs = parseDuration(incidents.close_after)!;
  if (closeAfterMs < reopenWindowMs) {
    const message = 'shorter than reopen_window, and a closed incident takes no alerts';
    report.warn(['incidents', 'close_after'], { code: 'short_close', message });
  }
  const { receiver, updates, suppress_member_notifications: suppressMembers } = incidents;
  if (suppressMembers && (receiver === undefined || !updates.includes('severity'))) {
    const message = 'nobody would hear of alerts that are held, or of how bad they are';
    report.error(['incidents', 'suppress_member_notifications'], {
      code: 'missing_setting',
      message,
      hint: 'give incidents a receiver, and keep severity among updates',
    });
  }
  return {
    reopenWindowMs,
    closeAfterMs,
    staleAfterMs: parseDuration(incidents.stale_after)!,
    escalateAfter,
    ...(receiver === undefined ? {} : { receiver }),
    updates,
    suppressMembers,
  };
}

function readFlapping(
  { changes, low, window }: NonNullable<Written['flapping']>,
  report: Report,
): NonNullable<Settings['flapping']> {
  if (low > changes) report.error(['flapping', 'low'], atMost('changes'));
  return { changes, low, windowMs: parseDuration(window)! };
}

function readStorm(
  { by, per_minute: perMinute, low = Math.ceil(perMinute / 2) }: NonNullable<Written['storm']>,
  report: Report,
): NonNullable<Settings['storm']> {
  if (low > perMinute) report.error(['storm', 'low'], atMost('per_minute'));
  return { by, perMinute, low };
}

function atMost(name: string) {
  return { code: 'wrong_value', message: `expected at most what ${name} says` };
}
