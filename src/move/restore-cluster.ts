import { verifyBackup, type Manifest } from '../store/manifest.ts';
import { moveInstallation, type MoveResult } from './move.ts';
import type { Place } from './place.ts';
import type { OnProgress } from './progress.ts';

export interface ClusterRestoreOptions {
  /** The folder that a backup made, of either kind of installation. */
  readonly from: string;
  /** An empty database, and topics that are not there yet. */
  readonly to: Place;
  readonly now: () => number;
  readonly onProgress?: OnProgress;
}

/**
 * Fills an empty database and a new journal from a backup. What was unprocessed when the backup was taken is processed after the start, and
 * what the nodes did since is not known to it: what they told since is told again where it is still open.
 */
export async function restoreCluster(
  options: ClusterRestoreOptions,
): Promise<MoveResult & { readonly manifest: Manifest }> {
  const { from, to, now, onProgress } = options;
  const manifest = await verifyBackup(from);
  const result = await moveInstallation({
    from: { path: from },
    to,
    use: 'backup',
    retire: false,
    now,
    ...(onProgress && { onProgress }),
  });
  return { ...result, manifest };
}
