import type { ReadSettings } from './read-settings.ts';
import type { Terminal } from './terminal.ts';

export interface GreetingFacts extends Pick<ReadSettings, 'settings' | 'files'> {
  readonly version: string;
  readonly url: string;
  readonly healthUrl?: string | undefined;
}

/** What a hub says when it is ready: where it listens, and for newcomers a line to paste that makes something happen. */
export function greeting(
  { settings, files, version, url, healthUrl }: GreetingFacts,
  { paint }: Terminal,
): string {
  const about = `configuration: ${files[0] ?? 'built in'}, data: ${settings.storage.path}`;
  const lines = [
    '',
    `  ${paint('bold', 'Signalbox')} ${version}   ${paint('dim', about)}`,
    '',
    `  listening on ${paint('cyan', url)}`,
    ...(healthUrl === undefined ? [] : [`  health on ${paint('cyan', healthUrl)}`]),
    '',
  ];
  const path = openHook(settings);
  if (path === undefined) return lines.join('\n');
  return [
    ...lines,
    '  Send a first alert from another terminal, and see it arrive here:',
    '',
    `    ${curl(`${url}${path}`, { title: 'Disk almost full', severity: 'critical', instance: 'db-1' })}`,
    '',
    '  Then say that it is over, which is told within seconds:',
    '',
    `    ${curl(`${url}${path}`, { title: 'Disk almost full', severity: 'critical', instance: 'db-1', status: 'resolved' })}`,
    '',
    `  ${paint('dim', 'The same alert again is told once only, until it is over.')}`,
    `  ${paint('dim', 'Next: "node bin/signalbox.js init" writes a configuration, "… --help" lists the commands. Ctrl+C stops.')}`,
    '',
  ].join('\n');
}

/** A path that takes any JSON without credentials, as the built-in configuration has one. */
function openHook({ integrations }: GreetingFacts['settings']): string | undefined {
  return Object.values(integrations).find(
    ({ connector, endpoint }) => connector === 'generic' && endpoint?.auth.length === 0,
  )?.endpoint?.paths[0];
}

function curl(url: string, payload: Readonly<Record<string, string>>): string {
  return `curl -sS -H 'content-type: application/json' -d '${JSON.stringify(payload)}' ${url}`;
}
