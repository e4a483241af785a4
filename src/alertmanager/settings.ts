import type { AlertmanagerSettings } from './config.ts';

/** Empty texts and zero count as left out, as in Alertmanager. */
export function isGiven(settings: AlertmanagerSettings, key: string): boolean {
  const value = settings[key];
  return value !== undefined && value !== '' && value !== 0;
}

/** The text of a setting; empty when there is none. */
export function textOf(settings: AlertmanagerSettings, key: string): string {
  const value = settings[key];
  return typeof value === 'string' ? value : '';
}

/** The settings below a key; none when there are none. */
export function sectionOf(settings: AlertmanagerSettings, key: string): AlertmanagerSettings {
  const value = settings[key];
  return typeof value === 'object' && !Array.isArray(value) ? (value as AlertmanagerSettings) : {};
}

/** The same for a list of them; an item without settings stays in its place. */
export function sectionsOf(settings: AlertmanagerSettings, key: string): readonly AlertmanagerSettings[] {
  const value = settings[key];
  return Array.isArray(value) ? value.map((item) => (item ?? {}) as AlertmanagerSettings) : [];
}
