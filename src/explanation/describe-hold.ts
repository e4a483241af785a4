import { nameOf } from '@signalbox/sdk';
import type { Suppression } from '../model/suppression.ts';
import type { AlertFacts } from './alert-facts.ts';
import { saidText, untilText } from './words.ts';

/** Why nobody is told, in words that name who said so: `silenced by ada until … (“disks are being replaced”)`. */
export function describeHold(
  suppression: Suppression,
  { silences, holders }: Pick<AlertFacts, 'silences' | 'holders'>,
): string {
  const { reason, rule, comment, until } = suppression;
  const said = (text: string | undefined): string =>
    text === undefined || text === '' ? '' : ` (“${saidText(text)}”)`;
  const silence = silences.get(rule);
  const holder = holders.get(rule);
  const named = holder === undefined ? `the alert ${rule}` : `${nameOf(holder)} (${rule})`;
  switch (reason) {
    case 'silenced':
      return `silenced by ${saidText(silence?.createdBy ?? 'somebody')}${untilText(until)}${said(silence?.comment)}, silence ${rule}`;
    case 'maintenance':
      return `in the maintenance window ${rule}${untilText(until)}${said(silence?.comment)}`;
    case 'snoozed':
      return `snoozed by ${saidText(rule)}${untilText(until)}`;
    case 'inhibited':
      return `inhibited by ${named} for as long as that fires`;
    case 'dependency':
      return `held because a service that it depends on has ${named}`;
    case 'filtered':
      return `held by the rule ${rule}${untilText(until)}${said(comment)}`;
    case 'low_score':
      return `held by its low score under ${rule}${said(comment)}`;
    case 'flapping':
      return `held because it comes and goes${untilText(until)}`;
    case 'storm':
      return `held as one of a storm of alerts${untilText(until)}${said(comment)}`;
    case 'incident':
      return until === undefined
        ? `held because the incident ${rule} tells of it`
        : `held until it is known which incident tells of it`;
    case 'muted':
      return `muted by the time interval ${rule}${untilText(until)}`;
    case 'inactive':
      return `outside the active time intervals ${rule}${untilText(until)}`;
  }
}
