import { mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTestCertificate } from '@signalbox/sdk/testing';
import { findProgram, freePort, startProgram, waitUntil, type Program } from './program.ts';
import { connect } from 'node:net';

const run = promisify(execFile);

export const SUFFIX = 'dc=example,dc=org';
export const READER = `cn=signalbox,${SUFFIX}`;
export const READER_PASSWORD = 'reader-pa55';

/** Debian keeps it off the PATH of most users. */
const PLACES = ['/usr/sbin', '/usr/libexec', '/usr/local/sbin'];
const SCHEMAS = ['/etc/ldap/schema', '/etc/openldap/schema'];

export interface Slapd {
  readonly program: Program;
  /** `ldap://127.0.0.1:…`, which takes STARTTLS. */
  readonly url: string;
  /** `ldaps://127.0.0.1:…`. */
  readonly secureUrl: string;
  /** The authority of its certificate. */
  readonly ca: string;
}

function findSlapd(name: string): string | undefined {
  return findProgram(name) ?? PLACES.map((place) => join(place, name)).find((path) => existsSync(path));
}

/** Why there can be no server here, or undefined. */
export function missingSlapd(): string | undefined {
  const isHere = findSlapd('slapd') && findSlapd('slapadd') && SCHEMAS.some((folder) => existsSync(folder));
  return isHere ? undefined : 'not installed on this machine: slapd (npm run setup:servers installs it)';
}

/** A real OpenLDAP server with these entries (LDIF), which only the reader may read. */
export async function startSlapd(folder: string, entries: string): Promise<Slapd> {
  const { cert, key } = createTestCertificate(['127.0.0.1']);
  const [plain, secure] = [await freePort(), await freePort()];
  const schemas = SCHEMAS.find((place) => existsSync(place))!;
  await mkdir(join(folder, 'db'), { recursive: true });
  await writeFile(join(folder, 'cert.pem'), cert);
  await writeFile(join(folder, 'key.pem'), key);
  await writeFile(join(folder, 'entries.ldif'), entries);
  const modules = existsSync('/usr/lib/ldap/back_mdb.so')
    ? 'modulepath /usr/lib/ldap\nmoduleload back_mdb'
    : '';
  const configuration = `
include ${schemas}/core.schema
include ${schemas}/cosine.schema
include ${schemas}/inetorgperson.schema
pidfile ${folder}/slapd.pid
${modules}
TLSCertificateFile ${folder}/cert.pem
TLSCertificateKeyFile ${folder}/key.pem
database mdb
suffix "${SUFFIX}"
rootdn "${READER}"
rootpw ${READER_PASSWORD}
directory ${folder}/db
access to * by * auth
`;
  const file = join(folder, 'slapd.conf');
  await writeFile(file, configuration);
  await run(findSlapd('slapadd')!, ['-f', file, '-l', join(folder, 'entries.ldif')]);
  const url = `ldap://127.0.0.1:${plain}`;
  const secureUrl = `ldaps://127.0.0.1:${secure}`;
  const program = startProgram(findSlapd('slapd')!, ['-f', file, '-h', `${url}/ ${secureUrl}/`, '-d', '0']);
  await waitUntil(program, 'slapd answers', () => answers(secure));
  return { program, url, secureUrl, ca: cert };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => socket.end(() => resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
