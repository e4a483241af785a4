/** One line per request for security monitoring (BR-WH-025). It never holds a header, a query or a body. */
export interface AccessLog {
  write(entry: AccessEntry): void;
  /** Writes out what is waiting. */
  flush(): void;
}

export interface AccessEntry {
  /** RFC 3339. */
  readonly time: string;
  readonly integration: string;
  readonly method: string;
  /** Path of the endpoint, without query. */
  readonly path: string;
  /** Of the client, behind trusted proxies; undefined when unknown. */
  readonly remote: string | undefined;
  /** 0 when the client went away without an answer. */
  readonly status: number;
  readonly bodyBytes: number;
  readonly durationMs: number;
  /** `accepted`, `gone` or the code of the problem. */
  readonly outcome: string;
  readonly requestId: string;
}

const FLUSH_MS = 100;
const FLUSH_LENGTH = 65_536;

/**
 * Puts the lines together by hand and hands them over in blocks: at full speed a stringify and a system call per request
 * would cost as much as taking the signal in. All values but the integration's path are of our own making.
 */
export function createAccessLog(sink: (lines: string) => void): AccessLog {
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === '') return;
    const lines = waiting;
    waiting = '';
    sink(lines);
  }

  return {
    write(entry) {
      waiting += `{"level":"info","time":"${entry.time}","part":"access","integration":"${entry.integration}","method":"${entry.method}","path":${quoted(entry.path)},"remote":"${entry.remote ?? ''}","status":${entry.status},"body_bytes":${entry.bodyBytes},"duration_ms":${entry.durationMs},"outcome":"${entry.outcome}","request_id":"${entry.requestId}"}\n`;
      if (waiting.length > FLUSH_LENGTH) flush();
      else timer ??= setTimeout(flush, FLUSH_MS).unref();
    },
    flush,
  };
}

const quotedPaths = new Map<string, string>();

/** Paths come from the configuration, so that there are few. */
function quoted(path: string): string {
  let text = quotedPaths.get(path);
  if (text === undefined) {
    text = JSON.stringify(path);
    quotedPaths.set(path, text);
  }
  return text;
}
