import type { ClassificationSettings } from '../model/classification-settings.ts';
import { compileClassification, type CompiledClassification } from './compile.ts';
import { DEFAULT_RULE_SET, type RuleSet } from './rules.ts';

const compiled = new WeakMap<object, CompiledClassification>();

/** The rules of the settings, the built-in ones where none are configured; compiled once for each configuration. */
export function compiledRules(settings: ClassificationSettings | undefined): CompiledClassification {
  const ruleSet = (settings?.ruleSet ?? DEFAULT_RULE_SET) as unknown as RuleSet;
  return compiled.getOrInsertComputed(ruleSet, () => compileClassification(ruleSet));
}
