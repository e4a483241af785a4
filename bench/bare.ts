import { answers, freePort, start, type Running } from './processes.ts';

const SERVER = new URL('./bare-server.ts', import.meta.url).pathname;

export interface Bare extends Running {
  readonly url: string;
  readonly port: number;
}

/** The limit: what node:http does when it parses the same JSON and answers. */
export async function startBare(): Promise<Bare> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/hooks/prom`;
  return { ...(await start(process.execPath, [SERVER, String(port)], () => answers(url))), url, port };
}
