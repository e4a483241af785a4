/** One outbound request. `url` is absolute; `query` is added to it and never logged. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Objects are sent as JSON; strings and bytes as they are, with the `content-type` you give. */
  readonly body?: unknown;
  /** Sends `context.http.idempotencyKey` in this header, e.g. `idempotency-key`. */
  readonly idempotencyHeader?: string;
  /** Statuses that are not a fault besides 2xx, e.g. `[404]`. */
  readonly accept?: readonly number[];
  /** The longest answer that is read, in bytes; default 1 MiB. */
  readonly answerBytes?: number;
  /** In place of the integration's `http.tls`, where the vendor's own credentials bring their trust along (a kubeconfig). */
  readonly tls?: RequestTls;
}

/** Trust and identity of one request. All texts are PEM. The oldest version of TLS stays the integration's. */
export interface RequestTls {
  /** Authorities trusted instead of the platform's. */
  readonly ca?: string;
  /** Client certificate and key, for mutual TLS. */
  readonly cert?: string;
  readonly key?: string;
  /** The name that the certificate must have, when it is not the address's. */
  readonly serverName?: string;
  /** Takes any certificate. Only where a person has said so in the configuration. */
  readonly insecure?: true;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most `answerBytes` are read; more is `SB_UNAVAILABLE`. */
  readonly text: string;
  /** Parses `text`; `SB_UNAVAILABLE` when it is not JSON, because a proxy's error page is what usually comes then. */
  json(): unknown;
}

/**
 * The host's HTTP client. It verifies TLS (1.3 unless the integration says otherwise), keeps connections alive, honours the proxy and
 * the deadline, repeats only idempotent reads, and turns every status, time-out and network error into a `Fault`.
 */
export interface HttpClient {
  request(request: HttpRequest): Promise<HttpResponse>;
  /**
   * Reads an answer line by line as it comes, for those that do not end (a watch). Resolves when the vendor ends it. One request, never
   * repeated; statuses outside 2xx are faults. It runs until the signal aborts, not until the time-out of a call.
   *
   * @example
   * await http.readLines({ method: 'GET', url }, { onLine: (line) => apply(JSON.parse(line)) });
   */
  readLines(request: Omit<HttpRequest, 'accept' | 'answerBytes'>, reader: LineReader): Promise<void>;
}

export interface LineReader {
  /** One line without its end. What it throws ends the answer and is thrown by `readLines`. */
  onLine(line: string): void;
  /** The vendor has accepted the request. What it throws ends the answer as well. */
  onOpen?(): void;
  /** Ends the answer before the call ends, as an abort of the call does. */
  readonly signal?: AbortSignal;
  /** The longest line that is kept, in bytes; more is `SB_UNAVAILABLE`. Default 1 MiB. */
  readonly lineBytes?: number;
  /** How long the vendor may be silent; longer is `SB_UNAVAILABLE`. Default: as for every request of this integration. */
  readonly silenceMs?: number;
}
