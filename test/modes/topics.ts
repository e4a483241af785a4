import type { Admin } from '@platformatic/kafka';
import type { SharedServers } from './servers.ts';

/** What a person at the cluster may do behind the hub's back. */
export async function atCluster<Result>(
  { kafka }: SharedServers,
  work: (admin: Admin) => Promise<Result>,
): Promise<Result> {
  if (kafka === undefined) throw new Error('these servers are without Kafka');
  const { Admin: Client } = await import('@platformatic/kafka');
  const admin = new Client({ clientId: 'signalbox-test', bootstrapBrokers: kafka.split(',') });
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}
