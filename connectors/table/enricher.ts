import type { AlertSnapshot, Enricher } from '@signalbox/sdk';
import type { TableConfig } from './config.ts';
import { tableOf, versionKept } from './kept-table.ts';

/** No table has longer cells to look up, and keys are bounded. */
const MAX_KEY_CHARACTERS = 1_000;

export const enricher: Enricher<TableConfig> = {
  cacheKey(alert, config) {
    const values = valuesOf(alert, config);
    const key = values && JSON.stringify([versionKept(config), ...values]);
    return key !== undefined && key.length <= MAX_KEY_CHARACTERS ? key : undefined;
  },
  recordKey(alert, config) {
    const values = valuesOf(alert, config);
    return values && JSON.stringify(values);
  },
  async enrich(alert, { config, signal }) {
    const values = valuesOf(alert, config);
    const table = await tableOf(config, signal);
    return (values && table.find(values)) ?? {};
  },
};

/** The labels in the order of the columns; undefined when the alert lacks one. */
function valuesOf({ labels }: AlertSnapshot, { match }: TableConfig): readonly string[] | undefined {
  const values = Object.values(match).map((label) => (Object.hasOwn(labels, label) ? labels[label]! : ''));
  return values.includes('') ? undefined : values;
}
