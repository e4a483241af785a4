import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSharedPlace } from './modes/place.ts';
import { givenServers } from './modes/servers.ts';
import { startProgram, waitUntil, type Program } from './interop/program.ts';

const LAUNCHER = fileURLToPath(new URL('../bin/signalbox.js', import.meta.url));
const LISTENING = /listening on (https?:\/\/\S+)/;

export interface HubProcess {
  readonly program: Program;
  readonly url: string;
}

/**
 * The hub as a process of its own, in a folder that may hold the data of an earlier one; where the stories run on servers, the folder's name
 * is that of the database and the topics. Resolves as soon as it listens.
 *
 * @param shared environment of a node that shares its work with others; default as the stories run
 */
export async function startHubProcess(
  folder: string,
  yaml: string,
  shared?: Readonly<Record<string, string>>,
): Promise<HubProcess> {
  const file = join(folder, 'signalbox.yaml');
  await writeFile(file, yaml);
  const flags = ['--config', file, '--data', join(folder, 'data'), '--listen', '127.0.0.1:0'];
  const servers = givenServers();
  const env = shared ?? (servers ? (await openSharedPlace(servers, basename(folder))).env : {});
  const program = startProgram(process.execPath, [LAUNCHER, 'serve', ...flags], env);
  await waitUntil(program, 'the hub says where it listens', () => LISTENING.test(program.output()));
  return { program, url: LISTENING.exec(program.output())![1]! };
}
