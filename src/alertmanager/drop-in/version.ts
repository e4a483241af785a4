import { VERSION } from '../../lib/version.ts';

/** The Alertmanager that it behaves as and reports. */
export const ALERTMANAGER_VERSION = '0.34.2';

/** What `--version` prints; programs look for the first line. */
export function versionText({
  arch,
  platform,
  version,
}: Pick<NodeJS.Process, 'arch' | 'platform' | 'version'>): string {
  const machine = `${platform}/${arch === 'x64' ? 'amd64' : arch}`;
  return [
    `alertmanager, version ${ALERTMANAGER_VERSION} (branch: signalbox, revision: ${VERSION})`,
    `  build user:       signalbox`,
    `  build date:       `,
    `  node version:     ${version}`,
    `  platform:         ${machine}`,
    `  tags:             signalbox`,
  ].join('\n');
}

/** As in the first line of the log. */
export const VERSION_INFO = `(version=${ALERTMANAGER_VERSION}, branch=signalbox, revision=${VERSION})`;
