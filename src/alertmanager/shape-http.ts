import type { Fields, Shape } from './shape.ts';

/** Shorthands for the tables of fields. */
export const text: Shape = { kind: 'text' };
export const secret: Shape = { kind: 'secret' };
export const bool: Shape = { kind: 'bool' };
export const integer: Shape = { kind: 'integer' };
export const url: Shape = { kind: 'url', secret: false, templated: false };
export const secretUrl: Shape = { kind: 'url', secret: true, templated: false };
export const templatedUrl: Shape = { kind: 'url', secret: true, templated: true };
export const duration: Shape = { kind: 'duration' };
export const goDuration: Shape = { kind: 'go-duration' };
export const texts: Shape = { kind: 'list', of: text };
export const textMap: Shape = { kind: 'map', of: text };

export function section(fields: Fields): Shape {
  return { kind: 'section', fields };
}

export function listOf(fields: Fields): Shape {
  return { kind: 'list', of: section(fields) };
}

const TLS_VERSION: Shape = { kind: 'choice', of: ['TLS10', 'TLS11', 'TLS12', 'TLS13'] };

/** https://prometheus.io/docs/alerting/latest/configuration/#tls_config */
export const TLS_CONFIG: Fields = {
  ca: text,
  cert: text,
  key: secret,
  ca_file: text,
  cert_file: text,
  key_file: text,
  ca_ref: text,
  cert_ref: text,
  key_ref: text,
  server_name: text,
  insecure_skip_verify: bool,
  min_version: TLS_VERSION,
  max_version: TLS_VERSION,
};

const PROXY: Fields = {
  proxy_url: text,
  no_proxy: text,
  proxy_from_environment: bool,
  proxy_connect_header: { kind: 'map', of: { kind: 'list', of: secret } },
};

/** https://prometheus.io/docs/alerting/latest/configuration/#http_config */
export const HTTP_CONFIG: Fields = {
  ...PROXY,
  basic_auth: section({
    username: text,
    username_file: text,
    username_ref: text,
    password: secret,
    password_file: text,
    password_ref: text,
  }),
  authorization: section({ type: text, credentials: secret, credentials_file: text, credentials_ref: text }),
  oauth2: section({
    ...PROXY,
    client_id: text,
    client_secret: secret,
    client_secret_file: text,
    client_secret_ref: text,
    client_certificate_key_id: text,
    client_certificate_key: secret,
    client_certificate_key_file: text,
    client_certificate_key_ref: text,
    grant_type: text,
    signature_algorithm: text,
    iss: text,
    audience: text,
    claims: { kind: 'any' },
    scopes: texts,
    token_url: text,
    endpoint_params: textMap,
    tls_config: section(TLS_CONFIG),
  }),
  bearer_token: secret,
  bearer_token_file: text,
  tls_config: section(TLS_CONFIG),
  follow_redirects: bool,
  enable_http2: bool,
  http_headers: {
    kind: 'map',
    of: section({ values: texts, secrets: { kind: 'list', of: secret }, files: texts }),
  },
};

export const httpConfig: Shape = section(HTTP_CONFIG);
