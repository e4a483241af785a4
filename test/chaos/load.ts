import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { acknowledge, leaveOpen, NOTHING_SAID, type Knowledge } from '../../bench/crash-model.ts';
import { TOKEN } from '../../bench/hub.ts';
import { createRandom } from '../../bench/random.ts';
import { webhookBody, type Statement } from '../../bench/statement.ts';

/** Everything that the senders know. */
export interface Memory {
  readonly knowledge: ReadonlyMap<string, Knowledge>;
  /** Receipts of acknowledged signals. */
  readonly receipts: readonly string[];
  /** When each statement, by `key#version`, was first acknowledged; milliseconds since the epoch. */
  readonly acknowledgedAt: ReadonlyMap<string, number>;
  /** Requests that no node took: sent, and the connection broke or nobody answered in time. */
  readonly unanswered: readonly Trouble[];
  /** Requests that were answered with something other than 202. */
  readonly refused: readonly Trouble[];
}

export interface Trouble {
  readonly at: number;
  readonly node: number;
  readonly what: string;
}

export interface Load {
  /** Ends after the requests under way. */
  stop(): Promise<Memory>;
}

export interface LoadOptions {
  /** Of the nodes. */
  readonly ports: readonly number[];
  /** Stands in front of every key. */
  readonly name: string;
  readonly seed: number;
  readonly lanes: number;
  /** Default 12, each with one request at a time and keys of its own. */
  readonly senders?: number;
  /** Default 12. */
  readonly keysEach?: number;
  /** From an answer to the next request. Default 80. */
  readonly pauseMs?: number;
}

/** A sender that hears nothing for so long takes another node. */
const PATIENCE_MS = 5_000;
const RETRY_MS = 50;

/**
 * Senders behind a balancer: each keeps to its node until that one refuses the connection, fails or says 503, and then goes on with the next.
 * What was not acknowledged is said again, word for word, half of the time until it is; half of the time never. Either way its
 * key is never used again after that, because the first try may still arrive at any time.
 */
export function startLoad(options: LoadOptions): Load {
  const { ports, name, seed, lanes, senders = 12, keysEach = 12, pauseMs = 80 } = options;
  const knowledge = new Map<string, Knowledge>();
  const receipts: string[] = [];
  const acknowledgedAt = new Map<string, number>();
  const unanswered: Trouble[] = [];
  const refused: Trouble[] = [];
  const agent = new Agent({ keepAlive: true });
  const memory: Memory = { knowledge, receipts, acknowledgedAt, unanswered, refused };
  let isStopping = false;

  async function run(sender: number): Promise<void> {
    const random = createRandom(seed + sender);
    const newest: (Statement | undefined)[] = Array.from({ length: keysEach });
    const lane = String(sender % lanes);
    let node = sender % ports.length;
    let keys = 0;
    while (!isStopping) {
      const slot = Math.floor(random() * keysEach);
      const key = newest[slot]?.key ?? `${name}-${sender}-${keys++}`;
      const statement = nextStatement(newest[slot], key, lane, random());
      newest[slot] = statement;
      const insists = random() < 0.5;
      for (let tries = 1; ; tries++) {
        const outcome = await send(agent, ports[node]!, statement);
        if ('receipt' in outcome) {
          receipts.push(outcome.receipt);
          const { version } = statement;
          acknowledgedAt.set(`${key}#${version}`, Date.now());
          knowledge.set(key, acknowledge(knowledge.get(key) ?? NOTHING_SAID, statement));
          if (tries > 1) newest[slot] = undefined;
          break;
        }
        const trouble = { at: Date.now(), node, what: outcome.what };
        node = (node + 1) % ports.length;
        if (outcome.kind === 'not sent') {
          // Nobody has it, so another node may have it as if nothing had happened.
          tries--;
          if (isStopping) break;
        } else {
          (outcome.kind === 'refused' ? refused : unanswered).push(trouble);
          knowledge.set(key, leaveOpen(knowledge.get(key) ?? NOTHING_SAID, statement));
          newest[slot] = undefined;
          if (!insists || isStopping) break;
        }
        await pause(RETRY_MS);
      }
      await pause(pauseMs * (0.5 + random()));
    }
  }

  const running = Promise.all(Array.from({ length: senders }, (_, sender) => run(sender)));
  return {
    async stop() {
      isStopping = true;
      await running;
      agent.destroy();
      return memory;
    },
  };
}

type Outcome =
  | { readonly receipt: string }
  | { readonly kind: 'not sent' | 'unanswered' | 'refused'; readonly what: string };

function send(agent: Agent, port: number, statement: Statement): Promise<Outcome> {
  const body = webhookBody([statement]);
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const headers = {
    authorization: `Bearer ${TOKEN}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  const sent = request(
    { agent, host: '127.0.0.1', port, path: '/hooks/prom', method: 'POST', headers, timeout: PATIENCE_MS },
    async (response) => {
      try {
        let text = '';
        for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
        const { statusCode } = response;
        if (statusCode === 202) resolve({ receipt: (JSON.parse(text) as { receipt: string }).receipt });
        else resolve({ kind: 'refused', what: `${statusCode}: ${text.slice(0, 200)}` });
      } catch (error) {
        resolve({ kind: 'unanswered', what: String(error) });
      }
    },
  );
  sent.on('timeout', () => sent.destroy(new Error(`no answer within ${PATIENCE_MS} ms`)));
  sent.on('error', (error: NodeJS.ErrnoException) =>
    resolve({ kind: error.code === 'ECONNREFUSED' ? 'not sent' : 'unanswered', what: String(error) }),
  );
  sent.end(body);
  return promise;
}

/** Begins with "firing"; then each of the two is as likely. */
function nextStatement(before: Statement | undefined, key: string, lane: string, drawn: number): Statement {
  const now = new Date().toISOString();
  const version = (before?.version ?? 0) + 1;
  const said = { key, version, labels: { lane } };
  if (!before || drawn < 0.5) return { ...said, status: 'firing', startsAt: now };
  return { ...said, status: 'resolved', startsAt: before.startsAt, endsAt: now };
}
