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
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most 1 MiB is read; more is `SB_UNAVAILABLE`. */
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
}
