import assert from 'node:assert/strict';
import { Agent, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { test } from 'node:test';
import { createLog } from './lib/log.ts';
import { openListener } from './listener.ts';

/** Longer than any test may take: a close that waits for it fails. */
const GRACE_MS = 600_000;

function open(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const log = createLog('error', {}, { write() {} });
  return openListener({ host: '127.0.0.1', port: 0, log, newRequestId: () => 'id', request: answer });
}

/** Resolves with the status and what the server says of the connection. */
async function ask(agent: Agent, port: number): Promise<readonly [number | undefined, string | undefined]> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request({ agent, host: '127.0.0.1', port }, resolve).on('error', reject).end();
  const response = await promise;
  await response.resume().toArray();
  return [response.statusCode, response.headers.connection];
}

test('[HNP-049] a sender that is at it when the hub stops gets the answer to its next request, told that it is the last', async () => {
  const listener = await open((_, response) => response.end());
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  assert.deepEqual(await ask(agent, listener.port), [200, 'keep-alive']);
  const closed = listener.close(GRACE_MS);
  assert.deepEqual(await ask(agent, listener.port), [200, 'close']);
  await assert.rejects(ask(agent, listener.port), { code: 'ECONNREFUSED' });
  await closed;
});

test('[HNP-049] a request under way when the hub stops is answered, told that it is the last of its connection', async () => {
  const begun = Promise.withResolvers<ServerResponse>();
  const listener = await open((_, response) => begun.resolve(response));
  const agent = new Agent({ keepAlive: true });
  const answer = ask(agent, listener.port);
  const response = await begun.promise;
  const closed = listener.close(GRACE_MS);
  response.end();
  assert.deepEqual(await answer, [200, 'close']);
  await closed;
});
