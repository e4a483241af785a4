import type { AlertmanagerSettings, ReceiverConfig } from './config.ts';
import {
  file,
  refuse,
  secretOrFile,
  warnDropped,
  withGiven,
  type DraftedIntegration,
  type Drafting,
} from './drafting.ts';
import { GO_TEMPLATE_ACTION } from './has-template.ts';
import type { NativeValue } from './native-document.ts';
import { isGiven, sectionOf, textOf } from './settings.ts';

const IMPLICIT_TLS_PORT = 465;
const SHOWN_ONLY = ['to', 'bcc'];
const KNOWN_HEADERS = [...SHOWN_ONLY, 'subject', 'from', 'cc', 'reply-to'];

/** `email_configs` → the connector `email`. */
export function convertEmail(entry: ReceiverConfig, drafting: Drafting): DraftedIntegration | undefined {
  const { settings, path } = entry;
  const headers = Object.fromEntries(
    Object.entries(sectionOf(settings, 'headers')).map(([name, value]) => [
      name.toLowerCase(),
      typeof value === 'string' ? value : '',
    ]),
  );
  for (const [key, value] of [
    ['from', settings['from']],
    ...['from', 'cc', 'reply-to'].map((name) => ['headers', headers[name]] as const),
  ] as const) {
    if (typeof value === 'string' && GO_TEMPLATE_ACTION.test(value)) {
      return refuse(drafting, [...path, key], 'an address that is a template has no counterpart');
    }
  }
  if (isGiven(settings, 'auth_secret') || isGiven(settings, 'auth_secret_file')) {
    return refuse(drafting, path, 'CRAM-MD5 (auth_secret) has no counterpart; use auth_password');
  }
  const tls = convertTls(entry, drafting);
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(textOf(settings, 'smarthost')) ?? [];
  if (host === '')
    return refuse(drafting, [...path, 'smarthost'], 'expected a host and the number of a port');
  const dropped = [
    ...warnDropped(drafting, entry, ['auth_identity', 'threading']),
    ...warnHello(entry, drafting),
    ...warnHeaders(entry, Object.keys(headers), drafting),
  ];
  const to = textOf(settings, 'to');
  const isTemplate = GO_TEMPLATE_ACTION.test(to);
  const copies = addressesOf(headers['cc'] ?? '').map(bareAddress);
  const recipients = isTemplate ? [] : addressesOf(to);
  const [shownAsCopies, shownAsTo] = [true, false].map((isCopy) =>
    recipients.filter((one) => copies.includes(bareAddress(one)) === isCopy),
  );
  return {
    integration: {
      connector: 'email',
      config: withGiven({
        host: host.replace(/^\[|\]$/g, ''),
        port: Number(port),
        security: securityOf(settings, Number(port)),
        ...tls,
        username: (settings['auth_username'] as string | undefined) || undefined,
        password: secretOrFile(drafting, settings, 'auth_password'),
        from: headers['from'] ?? textOf(settings, 'from'),
        // A message needs somebody whom it is meant for.
        to: withAny(shownAsTo!) ?? withAny(shownAsCopies!),
        cc: withAny(shownAsTo!) && withAny(shownAsCopies!),
        reply_to: headers['reply-to'],
      }),
    },
    templates: {
      subject: headers['subject'] ?? '{{ template "email.default.subject" . }}',
      html: settings['html'] ?? '{{ template "email.default.html" . }}',
      ...(settings['text'] === undefined ? {} : { text: settings['text'] }),
      ...(isTemplate ? { to } : {}),
      ...convertHeaders(headers),
    },
    dropped,
  };
}

function securityOf(settings: AlertmanagerSettings, port: number): string {
  if ((settings['force_implicit_tls'] ?? port === IMPLICIT_TLS_PORT) === true) return 'tls';
  return settings['require_tls'] === false ? 'none' : 'starttls';
}

function addressesOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
}

/** `A <a@example.org>` and `a@example.org` are the same recipient. */
function bareAddress(address: string): string {
  return (/<([^>]*)>\s*$/.exec(address)?.[1] ?? address).trim().toLowerCase();
}

function withAny<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length > 0 ? items : undefined;
}

function convertHeaders(headers: Readonly<Record<string, string>>): AlertmanagerSettings {
  const others = Object.entries(headers).filter(([name]) => !KNOWN_HEADERS.includes(name));
  return others.length > 0 ? { headers: Object.fromEntries(others) } : {};
}

function convertTls(
  { settings, path }: ReceiverConfig,
  drafting: Drafting,
): Readonly<Record<string, NativeValue | undefined>> {
  const tls = sectionOf(settings, 'tls_config');
  const at = settings['tls_config'] === undefined ? path : [...path, 'tls_config'];
  for (const key of ['insecure_skip_verify', 'cert', 'cert_file', 'server_name', 'max_version', 'ca_ref']) {
    if (tls[key] !== undefined && tls[key] !== '' && tls[key] !== false) {
      refuse(drafting, at, `"${key}" of tls_config has no counterpart in e-mail`);
    }
  }
  const authority = isGiven(tls, 'ca_file') ? file(drafting, textOf(tls, 'ca_file')) : undefined;
  return {
    ca: authority ?? (isGiven(tls, 'ca') ? textOf(tls, 'ca') : undefined),
    min_tls: tls['min_version'] === 'TLS13' ? 'TLSv1.3' : undefined,
  };
}

/** The name that the server is greeted with; only a server that checks it would mind. */
function warnHello(entry: ReceiverConfig, drafting: Drafting): readonly string[] {
  return entry.settings['hello'] === 'localhost' ? [] : warnDropped(drafting, entry, ['hello']);
}

/** Who is told is said by `to` alone; what these headers show besides is not shown. */
function warnHeaders(
  { path }: ReceiverConfig,
  names: readonly string[],
  { report }: Drafting,
): readonly string[] {
  return names
    .filter((name) => SHOWN_ONLY.includes(name))
    .map((name) => {
      const message = `the header ${name} only shows recipients, who are those of "to"; it was left out`;
      report.warn([...path, 'headers'], { code: 'left_out', message }, 'key');
      return `headers.${name}`;
    });
}
