import {
  compileField,
  compileMapping,
  evaluateField,
  Fault,
  type Budget,
  type Expression,
  type Mapping,
  type Source,
  type SourceRequest,
  wrongShape,
} from '@signalbox/sdk';
import type { GenericConfig } from './config.ts';
import { findItems, readDraft } from './common-fields.ts';

const MAX_ALERTS = 10_000;

/** What all expressions for one request may cost together; about a fifth of a second. */
const REQUEST_STEPS = 2_000_000;

/** Any payload, mapped by the configuration (BR-INT-013, BR-AP-005). */
export const source: Source<GenericConfig> = {
  contentTypes: [
    'application/json',
    'application/xml',
    'text/xml',
    'application/yaml',
    'application/x-yaml',
    'text/yaml',
    'application/x-www-form-urlencoded',
  ],
  suggestedAuth: { bearer: '${env:GENERIC_TOKEN}' },
  parse({ body, query }, config) {
    const { forEach, mapping } = compiledOf(config);
    const budget = { steps: REQUEST_STEPS };
    return itemsOf(forEach, { body, query }, budget).flatMap((item) => {
      const alert = mapping({ body: body ?? null, query, item: item ?? null }, readDraft(item), budget);
      return alert ? [alert] : [];
    });
  },
};

interface Compiled {
  readonly forEach: Expression | undefined;
  readonly mapping: Mapping;
}

const compiled = new WeakMap<GenericConfig, Compiled>();

/** The compiled expressions of a configuration; compiled once. */
export function compiledOf(config: GenericConfig): Compiled {
  return compiled.getOrInsertComputed(config, () => ({
    forEach:
      config.for_each === undefined
        ? undefined
        : compileField(config.for_each, 'config.for_each', ['body', 'query']),
    mapping: compileMapping(config, ['body', 'query', 'item']),
  }));
}

function itemsOf(
  forEach: Expression | undefined,
  { body, query }: Pick<SourceRequest, 'body' | 'query'>,
  budget: Budget,
): readonly unknown[] {
  const field = 'config.for_each';
  const items = forEach
    ? evaluateField({ field, expression: forEach }, { body: body ?? null, query }, budget)
    : findItems(body);
  if (!Array.isArray(items)) throw new Fault('SB_REJECTED', `${field} must yield a list.`, { field });
  if (items.length > MAX_ALERTS) {
    throw wrongShape(forEach ? field : '', `at most ${MAX_ALERTS} alerts`);
  }
  return items;
}
