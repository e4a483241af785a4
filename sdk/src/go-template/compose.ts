import { isFault } from '../fault.ts';
import type { Notification } from '../notification.ts';
import { inAlertmanagerOrder } from './alert-order.ts';
import { renderStructure } from './render-structure.ts';
import { createGoTemplates, type GoTemplates, type TemplateFile } from './template-set.ts';

/** Marks a configuration field as a Go template, by JSON Schema's own keyword, so that forms and checks know. */
export const GO_TEMPLATE_MEDIA_TYPE = 'text/x-go-template';

/** Renders settings of one message with Alertmanager's data. Each call may end the whole composition. */
export interface GoRenderer {
  /** @param field The setting, for the problem: `config.go_templates.title`. */
  text(source: string | undefined, field: string): string;
  /** The same, with each value escaped for its place. */
  html(source: string | undefined, field: string): string;
  /** A structure whose texts are templates; what renders to a number, a truth value or JSON becomes that. */
  structure(value: unknown, field: string): unknown;
}

/** What came of the templates of a message: all of it, or why there is none. */
export type GoComposition<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

/**
 * Composes a message out of Go templates (https://prometheus.io/docs/alerting/latest/notifications/). All settings share the
 * definitions and the data; the first that fails ends it, because half a message misleads. A setting that is left out yields an empty text.
 *
 * @param definitions Files of definitions, in the order in which they replace each other. Give the same array again and it is
 * compiled once.
 * @throws Fault `SB_CONFIG` for a file of definitions that is no template.
 * @example
 * const composed = composeGo(notification, config.go_templates.definitions, (go) => ({ title: go.text(title, 'title') }));
 */
export function composeGo<T>(
  notification: Notification,
  definitions: readonly TemplateFile[],
  compose: (go: GoRenderer) => T,
): GoComposition<T> {
  const templates = templatesFor(definitions);
  const ordered = { ...notification, alerts: inAlertmanagerOrder(notification.alerts) };
  const extras = { routeLabels: notification.routeLabels ?? {} };
  const render = (source: string | undefined, field: string, as: 'text' | 'html'): string => {
    if (source === undefined || source === '') return '';
    const rendering = templates.compile(source, { field, as }).render(ordered, extras);
    if (rendering.ok) return rendering.text;
    throw new Unrendered(rendering.problem);
  };
  try {
    const value = compose({
      text: (source, field) => render(source, field, 'text'),
      html: (source, field) => render(source, field, 'html'),
      structure: (written, field) => renderStructure(written, (source) => render(source, field, 'text')),
    });
    return { ok: true, value };
  } catch (error) {
    if (error instanceof Unrendered) return { ok: false, problem: error.message };
    // Found when the configuration is read, except in structures of any shape.
    if (isFault(error) && error.code === 'SB_CONFIG') return { ok: false, problem: error.message };
    throw error;
  }
}

/** Ends a composition; never leaves this file. */
class Unrendered extends Error {}

const sets = new WeakMap<readonly TemplateFile[], GoTemplates>();
const NO_FILES: readonly TemplateFile[] = [];

function templatesFor(definitions: readonly TemplateFile[]): GoTemplates {
  return sets.getOrInsertComputed(definitions.length === 0 ? NO_FILES : definitions, createGoTemplates);
}
