import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { openLink } from './link.ts';

/** A server that answers every byte with the same one, and a link to it. */
async function openEcho(t: TestContext) {
  const accepted: Socket[] = [];
  const server = createServer((socket) => {
    accepted.push(socket);
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const link = await openLink((server.address() as AddressInfo).port);
  const client = connect(link.port, '127.0.0.1').setEncoding('utf8');
  await once(client, 'connect');
  t.after(async () => {
    client.destroy();
    await link.close();
    server.close();
  });
  const say = async (text: string): Promise<unknown> => {
    client.write(text);
    return (await once(client, 'data'))[0];
  };
  return { link, client, accepted, say };
}

test('a link passes everything on, both ways', async (t) => {
  const { say } = await openEcho(t);
  assert.equal(await say('one'), 'one');
  assert.equal(await say('two'), 'two');
});

test('a link that is cut passes nothing on and ends nothing; what was under way arrives after the repair, in order', async (t) => {
  const { link, client, say } = await openEcho(t);
  await say('one');
  const heard: string[] = [];
  client.on('data', (text: string) => heard.push(text));
  link.cut();
  client.write('two');
  // A second link to the same echo shows that there was time for an answer.
  const other = await openEcho(t);
  await other.say('meanwhile');
  assert.deepEqual([heard, client.closed], [[], false]);
  link.heal();
  client.write('three');
  while (heard.join('') !== 'twothree') await once(client, 'data');
});

test('the server is not told that a client has gone while the link is cut, and is told after the repair', async (t) => {
  const { link, client, accepted, say } = await openEcho(t);
  await say('one');
  link.cut();
  client.destroy();
  await once(client, 'close');
  const other = await openEcho(t);
  await other.say('meanwhile');
  const [socket] = accepted;
  assert.equal(socket!.closed, false);
  const closed = once(socket!, 'close');
  link.heal();
  await closed;
});

test('a slow link keeps the order', async (t) => {
  const { link, client, say } = await openEcho(t);
  await say('one');
  link.delay(5);
  let heard = '';
  client.on('data', (text: string) => (heard += text));
  for (const text of ['a', 'b', 'c', 'd']) client.write(text);
  while (heard.length < 4) await once(client, 'data');
  assert.equal(heard, 'abcd');
});
