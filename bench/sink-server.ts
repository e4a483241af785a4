// A webhook receiver in its own process: counts what comes in, and reads it when told to `check`. GET /count and /told tell.
import { createServer } from 'node:http';

interface Body {
  readonly alerts: readonly {
    readonly status: string;
    readonly startsAt: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

let count = 0;
let repeated = 0;
let outOfOrder = 0;
const keys = new Set<string>();
const told = new Map<string, { status: string; version: number }>();
const delays: number[] = [];
const MAX_DELAYS = 1_000_000;
const reads = process.argv[3] === 'check';

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify(request.url === '/told' ? [...told] : summary()));
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    count++;
    if (reads) read(String(request.headers['idempotency-key']), Buffer.concat(chunks).toString(), Date.now());
    response.end();
  });
});

function read(key: string, text: string, now: number): void {
  if (keys.has(key)) repeated++;
  keys.add(key);
  for (const { status, startsAt, labels, annotations } of (JSON.parse(text) as Body).alerts) {
    const name = labels['instance'] ?? '';
    const version = Number(annotations['version'] ?? 0);
    if (version < (told.get(name)?.version ?? 0)) outOfOrder++;
    else told.set(name, { status, version });
    if (status === 'firing' && delays.length < MAX_DELAYS) delays.push(now - Date.parse(startsAt));
  }
}

function summary(): object {
  const sorted = Float64Array.from(delays).sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const delay = { delayP50Ms: at(0.5), delayP99Ms: at(0.99), delayMaxMs: at(1) };
  return { count, distinct: keys.size, repeated, outOfOrder, ...delay };
}

server.listen(Number(process.argv[2]), '127.0.0.1');
