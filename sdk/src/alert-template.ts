import { UndefinedVariableError, LiquidError } from 'liquidjs';
import type { AlertSnapshot } from './enricher.ts';
import { Fault } from './fault.ts';
import { createTemplateEngine, parseTemplate, problemOf, RENDERED_MAX_CHARACTERS } from './template.ts';

/** A checked template about one alert, for addresses and queries. */
export interface AlertTemplate {
  /**
   * Undefined when the template names a label or field that the alert does not have: there is nothing to ask about this alert then. `| default: …`
   * and `{% if labels.x %}` make do without one.
   *
   * @throws Fault `SB_REJECTED` when it fails in another way, or the text is too long
   */
  render(alert: AlertSnapshot): string | undefined;
}

export interface AlertTemplateOptions {
  /** The setting that holds the source, for the fault: `config.url`. */
  readonly field?: string;
  /** Escapes every value that `{{ }}` writes, whatever filters it passed but `| raw`. Labels are the sender's and may hold anything. */
  readonly escape: (text: string) => string;
}

/**
 * Compiles a Liquid template over `labels`, `annotations`, `severity`, `status`, `startsAt`, `fingerprint` and `integration`, with the filters and
 * bounds of notifications' templates.
 *
 * @throws Fault `SB_CONFIG` with line and column when the source is wrong
 * @example
 * const path = compileAlertTemplate('/hosts/{{ labels.instance }}', { escape: encodeURIComponent });
 * path.render(alert); // '/hosts/db%2F1'
 */
export function compileAlertTemplate(source: string, options: AlertTemplateOptions): AlertTemplate {
  const engine = createTemplateEngine(options.escape);
  const nodes = parseTemplate(engine, source, options.field);
  return {
    render(alert) {
      let text: string;
      try {
        text = String(engine.renderSync(nodes, { ...alert }, { strictVariables: true }));
      } catch (error) {
        if (isUndefined(error)) return undefined;
        throw rejected(options.field, problemOf(error));
      }
      if (text.length > RENDERED_MAX_CHARACTERS) throw rejected(options.field, 'its text is too long');
      return text;
    },
  };
}

function isUndefined(error: unknown): boolean {
  if (error instanceof UndefinedVariableError) return true;
  return LiquidError.is(error) && error.originalError instanceof UndefinedVariableError;
}

function rejected(field: string | undefined, problem: string): Fault {
  return new Fault('SB_REJECTED', `${field ?? 'the template'} can't be filled in: ${problem}`);
}
