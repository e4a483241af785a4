import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { SCOPES } from '../../src/model/scope.ts';
import { exchange, until, type Answer } from '../harness.ts';
import { startHubProcess } from '../hub-process.ts';
import type { Program } from '../interop/program.ts';
import { PARTITIONS, type SharedPlace } from './place.ts';

/** One of several hubs that share their work, as a process of its own. */
export interface Node extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  readonly program: Program;
  /** Posts JSON, over a connection of its own: what a dying process does to idle connections is no refusal. */
  post(path: string, body?: unknown): Promise<Answer>;
  get(path: string): Promise<Answer>;
  /** Replaces the configuration, which the node notices by itself. */
  configure(yaml: string): Promise<void>;
  /** Asks it to end; resolves with its exit code. */
  stop(): Promise<number | null>;
}

export interface NodeOptions {
  /** `server.node_id`: the name that its leases begin with. */
  readonly name: string;
  readonly yaml: string;
  /** `server.roles`; default all. */
  readonly roles?: string;
}

/** Starts a node and waits until it listens; whether it has anything to do yet is another question (`untilShared`). */
export async function startNode(place: SharedPlace, { name, yaml, roles }: NodeOptions): Promise<Node> {
  const folder = await mkdtemp(join(tmpdir(), `signalbox-node-${name}-`));
  const env = {
    ...place.env,
    SIGNALBOX_SERVER_NODE_ID: name,
    ...(roles === undefined ? {} : { SIGNALBOX_SERVER_ROLES: roles }),
  };
  const { program, url } = await startHubProcess(folder, yaml, env);
  const close = { connection: 'close' };
  return {
    name,
    url,
    program,
    post: (path, body) =>
      exchange(url + path, {
        method: 'POST',
        ...(body === undefined
          ? { headers: close }
          : { headers: { ...close, 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      }),
    get: (path) => exchange(url + path, { headers: close }),
    configure: (next) => writeFile(join(folder, 'signalbox.yaml'), next),
    stop: async () => (await program.stop())[0],
    async [Symbol.asyncDispose]() {
      await program.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The items of a list of the API. */
export async function listOf(node: Node, path: string): Promise<Answer['json'][]> {
  return (await node.get(`/api/v1/${path}`)).json.items;
}

/** Who holds which lease now: name of the lease → name of the node. */
export async function readOwners({ storageUrl }: SharedPlace): Promise<ReadonlyMap<string, string>> {
  const rows = await query<{ name: string; owner: string }>(
    storageUrl,
    'SELECT name, owner FROM leases WHERE until > clock_timestamp()',
  );
  return new Map(rows.map(({ name, owner }) => [name, owner.slice(0, owner.lastIndexOf('.'))]));
}

/**
 * Waits until each of these nodes, and nobody else, owns scopes, nobody else owns partitions, and all of both are owned. Kafka gives each node some of
 * the partitions, and a test that began before it has done so would see them move; without Kafka one of several nodes may get none of a few.
 */
export async function untilShared(place: SharedPlace, nodes: readonly Node[]): Promise<void> {
  const names = nodes.map(({ name }) => name).sort();
  await until(`${names.join(' and ')} share the work`, async () => {
    const owners = await readOwners(place);
    return (['partition/', 'scope/'] as const).every((kind) => {
      const held = [...owners].filter(([name]) => name.startsWith(kind));
      const holders = [...new Set(held.map(([, owner]) => owner))].sort();
      const count = kind === 'scope/' ? SCOPES : PARTITIONS;
      const isDivided =
        kind === 'scope/' || place.servers.kafka !== undefined
          ? JSON.stringify(holders) === JSON.stringify(names)
          : holders.every((holder) => names.includes(holder));
      return held.length === count && isDivided;
    });
  });
}

export async function query<Row extends object>(url: string, statement: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}
