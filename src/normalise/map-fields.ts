import { compileExpression, isMissingField, type Expression, type ExpressionOptions } from '@signalbox/sdk';
import type { Labels } from '../model/matcher.ts';
import type { FieldMapping } from '../model/normalise-settings.ts';
import { CONDITION } from '../rules/condition-language.ts';
import { compileCondition, type Condition } from '../rules/condition.ts';
import type { Subject } from '../rules/subject.ts';

/** Expressions name what conditions name, and give anything that can be a text. */
export const VALUE: ExpressionOptions = { variables: CONDITION.variables, blank: CONDITION.blank ?? [] };

export interface CompiledMapping {
  readonly id: string;
  readonly condition: Condition;
  readonly labels: readonly (readonly [name: string, expression: Expression])[];
  readonly annotations: readonly (readonly [name: string, expression: Expression])[];
}

export function compileMappings(mappings: readonly FieldMapping[]): readonly CompiledMapping[] {
  const compile = (fields: Readonly<Record<string, string>>) =>
    Object.entries(fields).map(([name, source]) => [name, compileExpression(source, VALUE)] as const);
  return mappings.map((mapping) => ({
    id: mapping.id,
    condition: compileCondition(mapping),
    labels: compile(mapping.labels),
    annotations: compile(mapping.annotations),
  }));
}

/**
 * The labels and annotations that one mapping gives; undefined when its condition does not hold. An expression that gives nothing, or names a field that is
 * not there, leaves what is there. Throws what another failure throws.
 */
export function mapFields(
  { condition, labels, annotations }: CompiledMapping,
  subject: Subject,
): { readonly labels: Labels; readonly annotations: Labels } | undefined {
  if (!condition.test(subject)) return undefined;
  return { labels: evaluateAll(labels, subject), annotations: evaluateAll(annotations, subject) };
}

function evaluateAll(fields: CompiledMapping['labels'], subject: Subject): Labels {
  const texts: Record<string, string> = {};
  for (const [name, expression] of fields) {
    const text = textOf(expression, subject);
    if (text !== '') texts[name] = text;
  }
  return texts;
}

function textOf(expression: Expression, subject: Subject): string {
  try {
    const value = expression.evaluate(subject as never);
    if (value === null || value === undefined) return '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch (error) {
    if (isMissingField(error)) return '';
    throw error;
  }
}
