// The limit: node:http, the same JSON parsed, and an answer of the same size. Nothing is checked, kept or told.
import { createServer } from 'node:http';

const RECEIPT = '00000000000000000000000000000000-0-0';
const ANSWER = `{"receipt":"${RECEIPT}","status_url":"http://127.0.0.1:8080/api/v1/receipts/${RECEIPT}"}\n`;
const HEADERS = { 'content-type': 'application/json', 'content-length': ANSWER.length };

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end('ok');
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString());
    response.writeHead(202, HEADERS);
    response.end(ANSWER, 'latin1');
  });
});
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 2_048 });
