// A webhook receiver in its own process: counts what comes in, per notification and in all. GET /count tells.
import { createServer } from 'node:http';

let count = 0;
const seen = new Map<string, number>();
/** Newest generation per group key, and how often an older one came after it. */
const generations = new Map<string, number>();
const states = new Map<string, string>();
let outOfOrder = 0;
const keepsBodies = process.argv[3] === 'check';

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    const repeated = [...seen.values()].reduce((sum, times) => sum + times - 1, 0);
    const body = { count, distinct: seen.size, repeated, outOfOrder, ...(request.url === '/states' ? { states: [...states] } : {}) };
    response.end(JSON.stringify(body));
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    count++;
    if (keepsBodies) check(request.headers['webhook-id'] ?? request.headers['idempotency-key'], Buffer.concat(chunks).toString());
    response.end();
  });
});

interface Body {
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>>; readonly annotations: Readonly<Record<string, string>> }[];
}

function check(id: string | readonly string[] | undefined, text: string): void {
  const key = String(id);
  seen.set(key, (seen.get(key) ?? 0) + 1);
  for (const { status, labels, annotations } of (JSON.parse(text) as Body).alerts) {
    const name = labels.instance ?? '';
    const version = Number(annotations.version ?? 0);
    if (version < (generations.get(name) ?? 0)) outOfOrder++;
    else {
      generations.set(name, version);
      states.set(name, status);
    }
  }
}

server.listen(Number(process.argv[2]), '127.0.0.1');
