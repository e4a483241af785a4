import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface FakeGroup {
  readonly id: string;
  readonly displayName: string;
  readonly formerNames?: readonly string[];
}
export interface FakeUser {
  readonly id: string;
  readonly userName: string;
  readonly active?: boolean;
  readonly department?: string;
  readonly costCenter?: string;
}

export interface FakeScim {
  readonly url: string;
  groups: readonly FakeGroup[];
  users: readonly FakeUser[];
  /** What it answers instead of lists. */
  status: number;
  close(): Promise<void>;
}

export const FORMER_NAMES = 'urn:example:acme:2.0:Group:formerNames';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const AT_MOST = 2;

/** A small provider after RFC 7644, which gives two resources at a time whatever is asked for. */
export async function startFakeScim(): Promise<FakeScim> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://scim');
    const all = pathname === '/Groups' ? fake.groups.map(groupOf) : fake.users.map(userOf);
    const from = Number(searchParams.get('startIndex') ?? '1') - 1;
    const Resources = all.slice(from, from + Math.min(AT_MOST, Number(searchParams.get('count') ?? '100')));
    response.writeHead(fake.status, { 'content-type': 'application/scim+json' });
    response.end(JSON.stringify({ totalResults: all.length, startIndex: from + 1, Resources }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const fake: FakeScim = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    groups: [],
    users: [],
    status: 200,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return fake;
}

function groupOf({ formerNames, ...group }: FakeGroup): object {
  return { ...group, ...(formerNames ? { 'urn:example:acme:2.0:Group': { formerNames } } : {}) };
}

function userOf({ department, costCenter, ...user }: FakeUser): object {
  return { ...user, [ENTERPRISE]: { department, costCenter } };
}
