import { createHmac } from 'node:crypto';
import type { AuthSettings, HmacSettings } from '../model/settings.ts';
import { CommandError } from './command-error.ts';

export interface SigningFacts {
  readonly body: Buffer;
  /** The delivery's id, for senders that sign one. */
  readonly id: string;
  readonly now: number;
}

/** The headers by which a request proves itself to an endpoint; all kinds that the endpoint asks for. */
export function credentialsFor(
  auth: readonly AuthSettings[],
  facts: SigningFacts,
): Readonly<Record<string, string>> {
  return Object.assign({}, ...auth.map((one) => headersOf(one, facts))) as Record<string, string>;
}

function headersOf(auth: AuthSettings, facts: SigningFacts): Readonly<Record<string, string>> {
  switch (auth.kind) {
    case 'bearer':
      return { authorization: `Bearer ${auth.tokens[0]}` };
    case 'basic': {
      const pair = Buffer.from(`${auth.username}:${auth.passwords[0]}`).toString('base64');
      return { authorization: `Basic ${pair}` };
    }
    case 'api_key':
      return { [auth.header.toLowerCase()]: auth.keys[0]! };
    case 'hmac':
      return signature(auth, facts);
    case 'jwt':
      throw new CommandError(
        'usage',
        'the endpoint wants a JSON Web Token: give one with --header "Authorization: Bearer …"',
      );
    case 'mtls':
      throw new CommandError(
        'usage',
        'the endpoint wants a client certificate, which this command can’t present; use curl --cert',
      );
  }
}

/** As the sender would sign, by the same description that the intake checks by. */
function signature(
  settings: HmacSettings,
  { body, id, now }: SigningFacts,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000));
  const fill = (text: string): string => text.replaceAll('{timestamp}', timestamp).replaceAll('{id}', id);
  const [before = '', after = ''] = settings.content.split('{body}');
  const digest = createHmac(settings.algorithm, settings.secrets[0]!)
    .update(fill(before))
    .update(body)
    .update(fill(after))
    .digest(settings.encoding);
  return {
    [settings.header.toLowerCase()]: `${settings.prefix}${digest}`,
    ...(settings.timestampHeader === undefined
      ? {}
      : { [settings.timestampHeader.toLowerCase()]: timestamp }),
    ...(settings.idHeader === undefined ? {} : { [settings.idHeader.toLowerCase()]: id }),
  };
}
