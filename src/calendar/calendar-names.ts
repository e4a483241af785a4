/** As Alertmanager writes them, in lower case; a week begins on Sunday there. */
export const WEEKDAYS: readonly string[] = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
];

export const MONTHS: readonly string[] = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** Alertmanager compares negative days with positive ones as if all months had this many days. */
export const SHORTEST_MONTH = 28;
