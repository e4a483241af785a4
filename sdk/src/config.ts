import { Type } from './schema.ts';
import type { TString, TStringOptions } from 'typebox';

/** JSON Schema keyword that marks a secret field; redaction, forms and the API derive from it. */
export const SECRET = 'x-secret';

/**
 * A string field that never reaches logs, errors, API answers or the browser.
 *
 * @example
 * const config = Type.Object({ token: secret({ description: 'Bot token of the Slack app.', examples: ['${env:SLACK_TOKEN}'] }) });
 */
export function secret(options: TStringOptions & { description: string }): TString {
  return Type.String({ ...options, [SECRET]: true });
}
