import { partitionOf } from '../journal/partition.ts';
import type { NewRecord } from '../journal/port.ts';
import type { Alert } from '../model/alert.ts';
import { orderingKey } from '../model/fingerprint.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import { COMMAND_VERSION, type CommandBody } from '../model/record.ts';

export interface CommandFacts {
  /** Time-ordered, like the ids of signals: the command has a receipt as they have. */
  readonly id: string;
  /** Whoever repeats a request with the same one gets the first answer. */
  readonly idempotencyKey?: string | undefined;
  readonly requestId: string;
  readonly now: number;
}

/** A command on its way to the owner of the alert: after everything that its source has said so far, and before what it says next. */
export function commandRecord(
  alert: Pick<Alert, 'tenant' | 'fingerprint' | 'partition'>,
  command: CommandBody['command'],
  { id, idempotencyKey, requestId, now }: CommandFacts,
  partitions: number,
): NewRecord {
  const body: CommandBody = {
    v: COMMAND_VERSION,
    kind: 'command',
    meta: {
      signal: id,
      integration: OWN_INTEGRATION,
      tenant: command.tenant,
      receivedAt: new Date(now).toISOString(),
      hash: '',
      requestId,
      parts: 1,
      part: 0,
      ...(idempotencyKey !== undefined && { deliveryId: claimName(command, idempotencyKey) }),
    },
    command,
  };
  return { key: commandKey(alert, partitions), at: now, value: JSON.stringify(body) };
}

/** The same key for another alert, or for another deed, is another request. */
function claimName({ tenant, fingerprint, action }: CommandBody['command'], key: string): string {
  return `command/${tenant}/${fingerprint}/${action.kind}/${key}`;
}

/**
 * The alert's ordering key, or another one of its partition: labels of an endpoint, which are added after the key was made, change the
 * fingerprint, and the hub's own alerts belong to the first partition whatever their labels are. All that counts is who owns the partition.
 */
export function commandKey(
  { tenant, fingerprint, partition }: Pick<Alert, 'tenant' | 'fingerprint' | 'partition'>,
  partitions: number,
): string {
  const own = orderingKey(tenant, fingerprint);
  let key = own;
  for (let salt = 1; partitionOf(key, partitions) !== partition && salt <= MAX_SALT; salt++)
    key = `${own}#${salt}`;
  return key;
}

/** Each try hits with a chance of one in the number of partitions; after these the command is refused by fold, which says so. */
const MAX_SALT = 10_000;
