import { family, type Family } from './families.ts';

export interface ClusterState {
  /** As `--cluster.peer` names them. */
  readonly peers: readonly string[];
  readonly ownName: string;
  /** How many processes share the database; 0 when nobody could be asked. */
  readonly members: number;
}

/** There is no gossip: who shares the database is a member. */
export function clusterFamilies({ peers, ownName, members }: ClusterState): readonly Family[] {
  const isEnabled = peers.length > 0;
  const enabled = family('cluster_enabled', 'gauge', 'Whether peers are named.', Number(isEnabled));
  if (!isEnabled) return [enabled];
  return [
    enabled,
    family('cluster_members', 'gauge', 'Processes that share the database, this one among them.', members),
    family(
      'cluster_failed_peers',
      'gauge',
      'Peers that are named and do not share the database now.',
      Math.max(0, peers.length + 1 - Math.max(1, members)),
    ),
    family(
      'cluster_health_score',
      'gauge',
      '0 while the database answers, which is healthy, else 1.',
      members === 0 ? 1 : 0,
    ),
    family('cluster_peer_info', 'gauge', 'The name of this process.', [[{ peer: ownName }, 1]]),
  ];
}
