import { readFile } from 'node:fs/promises';
import type { Static } from '@signalbox/sdk';
import { CalendarError } from '../calendar/calendar-error.ts';
import { formatDay } from '../calendar/holidays.ts';
import { parseBusinessHours } from '../calendar/parse-business-hours.ts';
import type {
  BusinessHoursText,
  CostCenter,
  PolicyValues,
  PriorityPolicy,
  PrioritySettings,
} from '../model/priority-settings.ts';
import type { ProcedureSettings } from '../model/procedure-settings.ts';
import { parseDuration } from './quantity.ts';
import type { Report } from './report.ts';
import { resolveFile } from './resolve-file.ts';
import { checkIds, checkName, isGeneral, readCircumstances } from './resolve-circumstances.ts';
import { resolveProcedures } from './resolve-procedures.ts';
import type { policy as policySchema, priority } from './schema-priority.ts';
import { partsOf, type PathPart } from './tree.ts';

type Written = Static<typeof priority>;
type WrittenPolicy = Static<typeof policySchema>;
type Path = readonly PathPart[];

/** The policies with everything that they name; undefined when there are none, so that alerts pass by without a look. */
export async function resolvePriority(
  written: Written,
  report: Report,
): Promise<PrioritySettings | undefined> {
  const businessHours: Record<string, BusinessHoursText> = {};
  for (const [name, hours] of Object.entries(written.business_hours))
    businessHours[name] = await resolveHours(hours, ['priority', 'business_hours', name], report);
  const settings = {
    policies: written.policies.map((policy, index) =>
      resolvePolicy(policy, written, ['priority', 'policies', index], report),
    ),
    slos: Object.fromEntries(
      Object.entries(written.slos).map(([name, { title, objective, window }]) => [
        name,
        { ...(title === undefined ? {} : { title }), objective, windowMs: parseDuration(window)! },
      ]),
    ),
    businessHours,
    costCenters: Object.fromEntries(
      Object.entries(written.cost_centers).map(([name, center]) => [
        name,
        resolveCostCenter(center, ['priority', 'cost_centers', name], report),
      ]),
    ),
  };
  const procedures = written.procedures && resolveProcedures(written.procedures, businessHours, report);
  checkIds('policy', written.policies, ['priority', 'policies'], report);
  warnShadowed(settings.policies, report);
  warnUnused(settings, procedures, report);
  if (settings.policies.length === 0 && !procedures) return undefined;
  return { ...settings, ...(procedures ? { procedures } : {}) };
}

function resolvePolicy(written: WrittenPolicy, all: Written, path: Path, report: Report): PriorityPolicy {
  const { id, source } = written;
  const { circumstances, condition } = readCircumstances(written, all.business_hours, path, report);
  if (condition?.isNever) {
    const message = 'this policy can never hold: its condition contradicts itself';
    report.warn(path, { code: 'unreachable_policy', message });
  }
  return {
    id,
    ...(source === undefined ? {} : { source }),
    ...circumstances,
    set: resolveValues(written.set, all, [...path, 'set'], report),
  };
}

function resolveValues(
  written: WrittenPolicy['set'],
  all: Written,
  path: Path,
  report: Report,
): PolicyValues {
  const { priority: level, criticality, slo, cost_center: costCenter, business_unit: businessUnit } = written;
  if (Object.keys(written).length === 0)
    report.error(path, { code: 'missing_key', message: 'a policy has to set something' });
  if (typeof slo === 'string') checkName('SLO', slo, all.slos, [...path, 'slo'], report);
  else
    for (const [environment, name] of Object.entries(slo ?? {}))
      checkName('SLO', name, all.slos, [...path, 'slo', environment], report);
  if (costCenter !== undefined)
    checkName('cost center', costCenter, all.cost_centers, [...path, 'cost_center'], report);
  return {
    ...(level === undefined ? {} : { priority: level }),
    ...(criticality === undefined ? {} : { criticality }),
    ...(slo === undefined ? {} : { slo: typeof slo === 'string' ? { default: slo } : slo }),
    ...(costCenter === undefined ? {} : { costCenter }),
    ...(businessUnit === undefined ? {} : { businessUnit: report.renames.aliases.present(businessUnit) }),
    ...(written.compliance === undefined ? {} : { compliance: [written.compliance].flat() }),
  };
}

/** Business hours with the dates of their calendar files, so that what is decided depends on no file any more. */
async function resolveHours(
  { calendars, ...hours }: Written['business_hours'][string],
  path: Path,
  report: Report,
): Promise<BusinessHoursText> {
  const read = (work: () => void, at: Path): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof CalendarError)) throw error;
      const message = error.message.replace(`${error.field}: `, '');
      report.error([...at, ...partsOf(error.field)], { code: 'bad_business_hours', message });
    }
  };
  const days = new Set(hours.holidays);
  for (const [index, calendar] of calendars.entries()) {
    const at: readonly PathPart[] = [...path, 'calendars', index];
    const text = await readFile(await resolveFile(calendar, at.map(String), report), 'utf8').catch(
      () => undefined,
    );
    if (text === undefined) continue;
    const { parseHolidays } = await import('../calendar/parse-holidays.ts');
    read(() => {
      for (const day of parseHolidays(text).calendar.days.keys()) days.add(formatDay(day));
    }, at);
  }
  read(() => parseBusinessHours(hours), path);
  return { ...hours, hours: withoutUndefined(hours.hours), holidays: [...days].sort() };
}

function withoutUndefined(hours: Written['business_hours'][string]['hours']): BusinessHoursText['hours'] {
  return Object.fromEntries(Object.entries(hours).filter(([, ranges]) => ranges !== undefined));
}

function resolveCostCenter(
  { title, currency, budget, allocation }: Written['cost_centers'][string],
  path: Path,
  report: Report,
): CostCenter {
  const sum = Object.values(allocation).reduce((total, percent) => total + percent, 0);
  if (sum > 100) {
    const message = `these percentages add up to ${sum}, which is more than 100`;
    report.error([...path, 'allocation'], { code: 'wrong_value', message });
  }
  if (sum > 0 && budget === undefined) {
    const message = 'there is no budget that could be allocated';
    report.warn([...path, 'allocation'], { code: 'unused', message }, 'key');
  }
  return {
    ...(title === undefined ? {} : { title }),
    currency,
    ...(budget === undefined ? {} : { budget: Math.round(budget * 100) }),
    allocation,
  };
}

/** An earlier policy without any condition has said all that a later one could say. */
function warnShadowed(policies: readonly PriorityPolicy[], report: Report): void {
  const said = new Map<string, number>();
  policies.forEach(({ set, ...circumstances }, index) => {
    const fields = Object.keys(set).filter((field) => field !== 'compliance');
    const first = fields.map((field) => said.get(field));
    if (fields.length > 0 && set.compliance === undefined && first.every((at) => at !== undefined)) {
      const message = `this never says anything: policy ${first[0]! + 1} holds for all alerts and comes before it`;
      report.warn(['priority', 'policies', index], {
        code: 'unreachable_policy',
        message,
        hint: 'change the order',
      });
    }
    for (const field of isGeneral(circumstances) ? fields : []) {
      const isWhole = field !== 'slo' || set.slo?.['default'] !== undefined;
      if (isWhole && !said.has(field)) said.set(field, index);
    }
  });
}

/** Most likely a typing error in the other place. */
function warnUnused(
  { policies, slos, businessHours, costCenters }: PrioritySettings,
  procedures: ProcedureSettings | undefined,
  report: Report,
): void {
  const warn = (key: string, names: object, used: readonly (string | undefined)[]): void => {
    for (const name of Object.keys(names)) {
      if (used.includes(name)) continue;
      report.warn(['priority', key, name], { code: 'unused', message: 'no policy names this' }, 'key');
    }
  };
  warn(
    'slos',
    slos,
    policies.flatMap(({ set }) => Object.values(set.slo ?? {})),
  );
  warn(
    'business_hours',
    businessHours,
    [
      ...policies,
      ...(procedures ? [...procedures.criteria, ...procedures.impact, ...procedures.urgency] : []),
    ].map(({ hours }) => hours?.name),
  );
  warn(
    'cost_centers',
    costCenters,
    policies.map(({ set }) => set.costCenter),
  );
}
