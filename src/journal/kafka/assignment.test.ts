import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, before, test } from 'node:test';
import { startKafka } from '../../../test/servers/kafka.ts';
import { createIds } from '../../lib/id.ts';
import { comparePartitions, joinGroup, type Membership } from './assignment.ts';
import { createAdmin } from './connection.ts';
import { openKafkaJournal } from './journal.ts';
import { parseKafkaUrl } from './url.ts';

const PARTITIONS = 8;
const ALL = Array.from({ length: PARTITIONS }, (_, partition) => partition);
const kafka = await startKafka({ brokers: 1 });

test('what stays is neither revoked nor assigned', () => {
  assert.deepEqual(comparePartitions([3, 1, 2], [2, 5, 4]), { revoked: [1, 3], added: [4, 5] });
  assert.deepEqual(comparePartitions([1], [1]), { revoked: [], added: [] });
});

if ('missing' in kafka) {
  test('dividing the partitions among nodes', (t) => t.skip(kafka.missing));
} else {
  after(() => kafka.stop());
  const settings = parseKafkaUrl(`kafka://${kafka.bootstrap.join(',')}/group?partitions=${PARTITIONS}`);
  /** Makes the topic, and a record in it. */
  const appendOne = async () => {
    const journal = await openKafkaJournal({ settings, newId: createIds(() => Date.now()) });
    await journal.append([{ key: 'k', at: 1, value: 'v' }]);
    await journal.close();
  };
  before(appendOne);
  /** Who owns each partition, by what the nodes were told; a second owner is an error. */
  const owners = new Map<number, string>();
  const changes = new EventEmitter();
  const overlaps: string[] = [];
  const revokedOf = new Map<string, number[]>();

  const join = (instanceId: string): Promise<Membership> =>
    joinGroup({
      settings,
      groupId: 'nodes',
      instanceId,
      onAssigned(partitions) {
        for (const partition of partitions) {
          if (owners.has(partition))
            overlaps.push(`${partition}: ${owners.get(partition)} and ${instanceId}`);
          owners.set(partition, instanceId);
        }
        changes.emit('change');
      },
      onRevoked(partitions) {
        revokedOf.set(instanceId, (revokedOf.get(instanceId) ?? []).concat(partitions));
        for (const partition of partitions) owners.delete(partition);
        changes.emit('change');
      },
      onTrouble: (error) => assert.fail(error),
    });
  const owned = async (counts: Readonly<Record<string, number>>): Promise<void> => {
    const count = (name: string) => [...owners.values()].filter((owner) => owner === name).length;
    while (!Object.entries(counts).every(([name, wanted]) => count(name) === wanted)) {
      await once(changes, 'change');
    }
  };

  test('nodes divide the partitions, only what moves is revoked, and who leaves gives back at once', async (t) => {
    const first = await join('node-1');
    t.after(() => first.leave());
    await owned({ 'node-1': PARTITIONS });
    assert.deepEqual(first.partitions(), ALL);
    const second = await join('node-2');
    t.after(() => second.leave());
    await owned({ 'node-1': 4, 'node-2': 4 });
    assert.deepEqual(
      first
        .partitions()
        .concat(second.partitions())
        .toSorted((a, b) => a - b),
      ALL,
    );
    assert.deepEqual(
      revokedOf.get('node-1')?.toSorted((a, b) => a - b),
      second.partitions(),
      'the first node kept what it keeps',
    );
    await second.leave();
    await owned({ 'node-1': PARTITIONS });
    assert.deepEqual(overlaps, []);
  });

  test('positions that are reported stand at the brokers for other tools', async (t) => {
    const node = await join('node-3');
    t.after(() => node.leave());
    await owned({ 'node-3': PARTITIONS });
    await node.commit([{ partition: 2, offset: 1 }]);
    const admin = createAdmin(settings);
    t.after(() => admin.close());
    const [group] = await admin.listConsumerGroupOffsets({ groups: ['nodes'] });
    const committed = group!.topics[0]!.partitions.find(({ partitionIndex }) => partitionIndex === 2);
    assert.equal(committed?.committedOffset, 1n);
  });
}
