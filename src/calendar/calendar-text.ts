import ICAL from 'ical.js';
import { CalendarError } from './calendar-error.ts';

/** One property of iCalendar with its parameters in lower case; dates are ISO 8601, times in UTC end with `Z` (RFC 7265). */
export interface Property {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** `date`, `date-time`, `text`, `recur` … */
  readonly type: string;
  readonly values: readonly unknown[];
}

export interface Component {
  /** In lower case: `vevent`. */
  readonly name: string;
  readonly properties: readonly Property[];
  readonly components: readonly Component[];
}

type RawProperty = readonly [name: string, parameters: Record<string, unknown>, type: string, ...unknown[]];
type RawComponent = readonly [name: string, properties: RawProperty[], components: RawComponent[]];

/** A calendar with all holidays of all countries is smaller. */
const LONGEST_TEXT = 1_048_576;

/**
 * The calendars of an iCalendar text (RFC 5545). Throws `too_large` above 1 MiB, and `bad_calendar` for what is not iCalendar or holds
 * no calendar.
 */
export function parseCalendarText(text: string, field: string): readonly Component[] {
  if (text.length > LONGEST_TEXT)
    throw new CalendarError('too_large', field, `expected at most ${LONGEST_TEXT} characters`);
  let raw: RawComponent | readonly RawComponent[];
  try {
    raw = ICAL.parse(text) as typeof raw;
  } catch (cause) {
    throw new CalendarError(
      'bad_calendar',
      field,
      'expected iCalendar text: every BEGIN with its END, and properties as RFC 5545 has them',
      cause,
    );
  }
  const components = (typeof raw[0] === 'string' ? [raw as RawComponent] : (raw as RawComponent[])).map(
    (component) => toComponent(component, 0),
  );
  if (components.length > 0 && components.every(({ name }) => name === 'vcalendar')) return components;
  throw new CalendarError('bad_calendar', field, 'expected a text that begins with BEGIN:VCALENDAR');
}

/** The first property of a name, or undefined. */
export function findProperty(component: Component, name: string): Property | undefined {
  return component.properties.find((property) => property.name === name);
}

/** The value of a property that is text; undefined when it is absent. */
export function findText(component: Component, name: string): string | undefined {
  const value = findProperty(component, name)?.values[0];
  return typeof value === 'string' ? value : undefined;
}

/** Calendars, their zones and events, and what stands in those: nothing that matters lies deeper. */
const DEEPEST = 3;

function toComponent([name, properties, components]: RawComponent, depth: number): Component {
  return {
    name,
    properties: properties.map(([property, parameters, type, ...values]) => ({
      name: property,
      parameters,
      type,
      values,
    })),
    components: depth === DEEPEST ? [] : components.map((component) => toComponent(component, depth + 1)),
  };
}
