// The limit: node:http, the same JSON parsed, and an answer. Nothing is checked, kept or told.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end('ok');
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString());
    response.writeHead(202, { 'content-type': 'application/json' });
    response.end('{"receipt":"00000000000000000000000000000000-0-0"}');
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1');
