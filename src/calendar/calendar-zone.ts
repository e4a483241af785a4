import { findProperty, findText, type Component } from './calendar-text.ts';
import { findTimeZone } from './time-zone.ts';
import { WINDOWS_ZONES } from './windows-zones.ts';

const WHOLE_HOURS = /^([+-])(0[0-9]|1[0-4]):?00(?::?00)?$/;

/**
 * The IANA zone that a calendar means by a name (TZID). Programs write it in many ways: as it is, behind the name of a maker
 * (`/example.org/Europe/Berlin`), as Windows calls it, or as an invention whose VTIMEZONE says by X-LIC-LOCATION what it is. A VTIMEZONE that
 * never changes its clocks is a zone of its distance from UTC. Undefined when none of this helps: nothing is guessed from rules.
 */
export function findCalendarZone(tzid: string, calendar: Component): string | undefined {
  const described = calendar.components.find(
    (component) => component.name === 'vtimezone' && findText(component, 'tzid') === tzid,
  );
  const location = described && findText(described, 'x-lic-location');
  return (
    findTimeZone(tzid) ??
    findBySuffix(tzid) ??
    (location === undefined ? undefined : findTimeZone(location)) ??
    WINDOWS_ZONES.get(tzid) ??
    (described && findByOffset(described))
  );
}

/** The last two or three parts of a path are tried, because zones have that many. */
function findBySuffix(tzid: string): string | undefined {
  const parts = tzid.split('/');
  return [3, 2]
    .filter((count) => parts.length > count)
    .map((count) => findTimeZone(parts.slice(-count).join('/')))
    .find((zone) => zone !== undefined);
}

function findByOffset(described: Component): string | undefined {
  const [observance, ...others] = described.components;
  if (observance === undefined || others.length > 0) return undefined;
  const [, sign, hours] = WHOLE_HOURS.exec(String(findProperty(observance, 'tzoffsetto')?.values[0])) ?? [];
  if (hours === undefined) return undefined;
  // The names of these zones count towards the west: two hours ahead of UTC is Etc/GMT-2.
  return Number(hours) === 0 ? 'UTC' : findTimeZone(`Etc/GMT${sign === '+' ? '-' : '+'}${Number(hours)}`);
}
