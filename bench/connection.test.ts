import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { openConnection, readAnswer } from './connection.ts';
import { getRequest } from './statement.ts';

test('an answer is read wherever the network cuts it', () => {
  const bytes = Buffer.from('HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nhallo');
  for (let end = 0; end < bytes.length; end++) {
    assert.equal(readAnswer(bytes.subarray(0, end)), undefined, `after ${end} bytes`);
  }
  assert.deepEqual(readAnswer(bytes), { status: 202, body: 'hallo', bytes: bytes.length });
});

test('an answer of unknown length is refused instead of misread', () => {
  const chunked = Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n');
  assert.throws(() => readAnswer(chunked), /without a length/);
});

test('a connection serves one request after another and rejects when the server is gone', async (t) => {
  const server = createServer((request, response) => {
    if (request.url === '/end') request.socket.destroy();
    else response.end(request.url);
  });
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const connection = await openConnection(port);
  assert.deepEqual(await connection.send(getRequest(port, '/a')), answer('/a'));
  assert.deepEqual(await connection.send(getRequest(port, '/b')), answer('/b'));
  await assert.rejects(connection.send(getRequest(port, '/end')), /ended/);
  await assert.rejects(connection.send(getRequest(port, '/c')), /ended/);
});

const answer = (body: string) => ({ status: 200, body });
