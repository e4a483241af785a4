import type { TlsSettings } from '../../model/settings.ts';

/** Which certificates of clients let them in. */
export interface ClientCertificates {
  /** `verified` is of the authority of the file. */
  readonly demand: 'none' | 'any' | 'verified-if-given' | 'verified';
  /** Names of which a certificate has to carry one; all may come in where there are none. */
  readonly allowedNames: readonly string[];
}

/** What stands in the file of `--web.config.file`. */
export interface WebConfig {
  readonly tls?: TlsSettings;
  readonly certificates: ClientCertificates;
  /** Hashes of passwords by the names of users; everybody may come in where there are none. */
  readonly users: ReadonlyMap<string, string>;
  /** Of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** One request in `intervalMs`, and `burst` at once. */
  readonly rateLimit?: { readonly intervalMs: number; readonly burst: number };
}

/** Without a file everybody may come in. */
export const OPEN_WEB: WebConfig = {
  certificates: { demand: 'none', allowedNames: [] },
  users: new Map(),
  headers: {},
};
