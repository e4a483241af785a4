import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A metrics endpoint with one gauge, whose value the test sets. */
export async function startExporter(
  metric: string,
): Promise<{ readonly address: string; set(value: number): void; close(): Promise<void> }> {
  let current = 0;
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`# TYPE ${metric} gauge\n${metric} ${current}\n`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    set(value) {
      current = value;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
