import { createServer } from 'node:net';
import type { Settings } from '../../model/settings.ts';
import type { HubClient } from '../client.ts';
import { CommandError } from '../command-error.ts';
import { failed, ok, warning, type CheckResult } from './check-result.ts';

/** A hub that answers, or a port that it could have. */
export async function checkListener(
  { server }: Settings,
  hub: HubClient,
  isRunning: boolean,
): Promise<CheckResult> {
  if (isRunning) return ok(`a hub answers on ${hub.url}`);
  const { host, port } = server.listen;
  const problem = await tryListen(host, port);
  const address = `${host}:${port}`;
  if (problem === undefined) return ok(`${address} is free; no hub runs`);
  if (problem === 'EADDRINUSE') {
    return failed(
      `${address} is taken by a program that is no hub`,
      'stop it, or choose another port with --listen',
    );
  }
  if (problem === 'EACCES')
    return failed(`this user may not listen on ${address}`, 'choose a port above 1023');
  return failed(`${address} can’t be listened on (${problem})`, 'correct server.listen');
}

/** The hub's own word about its parts; nothing when none runs. */
export async function checkReadiness(hub: HubClient, isRunning: boolean): Promise<CheckResult | undefined> {
  if (!isRunning) return undefined;
  const response = await fetch(`${hub.url}/readyz`, { signal: AbortSignal.timeout(10_000) });
  const { status, parts = [] } = (await response.json()) as {
    status: string;
    parts?: readonly { part: string; detail: string }[];
  };
  const names = parts.map(({ part, detail }) => `${part}: ${detail}`).join('; ');
  if (status !== 'ready') return failed(`not ready (${names || 'no details'})`, 'see the hub’s log');
  return names === ''
    ? ok('ready')
    : warning(`ready, with trouble: ${names}`, 'see the entries of these parts');
}

/** What waits for a person, as the running hub counts it. */
export async function checkBacklog(hub: HubClient, isRunning: boolean): Promise<CheckResult | undefined> {
  if (!isRunning) return undefined;
  try {
    const { deliveries, quarantined, journal } = await hub.get<{
      deliveries: Readonly<Record<string, number>>;
      quarantined: number;
      journal: { lag: number };
    }>('/status');
    const detail = `${deliveries.dead ?? 0} dead deliveries, ${quarantined} quarantined signals, ${journal.lag} records behind`;
    const needsPerson = (deliveries.dead ?? 0) + quarantined > 0;
    return needsPerson ? warning(detail, 'look: signalbox dead-letters') : ok(detail);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return warning(error.message, 'give --token to have it checked');
  }
}

function tryListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
