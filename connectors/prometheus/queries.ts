import { hash } from 'node:crypto';
import { compileAlertTemplate, createMemory, type AlertSnapshot, type AlertTemplate } from '@signalbox/sdk';
import type { PrometheusConfig } from './config.ts';
import { escapeText } from './escape-text.ts';

/** One query that is asked about an alert. */
export interface Query {
  readonly name: string;
  readonly text: string;
  readonly range?: string;
}

interface Compiled {
  readonly name: string;
  readonly template: AlertTemplate;
  readonly range?: string;
}

const compiled = createMemory((config: PrometheusConfig): readonly Compiled[] =>
  Object.entries(config.queries).map(([name, { query, range }]) => ({
    name,
    template: compileAlertTemplate(query, { field: `config.queries.${name}.query`, escape: escapeText }),
    ...(range === undefined ? {} : { range }),
  })),
);

/** The queries whose labels the alert has. */
export function queriesFor(alert: AlertSnapshot, config: PrometheusConfig): readonly Query[] {
  return compiled.of(config).flatMap(({ name, template, range }) => {
    const text = template.render(alert);
    return text === undefined ? [] : [{ name, text, ...(range === undefined ? {} : { range }) }];
  });
}

/** Queries are long, and a key is short. */
export function keyOf(queries: readonly Query[]): string | undefined {
  return queries.length === 0 ? undefined : hash('sha256', JSON.stringify(queries), 'base64url');
}
