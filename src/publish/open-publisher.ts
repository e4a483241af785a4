import { toKafkaRecord } from '../journal/kafka/cloudevents.ts';
import { abandon, createAdmin, createPlainProducer } from '../journal/kafka/connection.ts';
import { parseKafkaUrl } from '../journal/kafka/url.ts';
import { createKafkaOutlet } from './kafka-outlet.ts';
import type { PublishPorts } from './publish-step.ts';
import { startPublisher, type Publisher } from './publisher.ts';
import { topicNames, type PublishSettings } from './topics.ts';

/** Publishes on the cluster of the journal, over connections of its own: a topic that is slow must not hold up signals. */
export function openPublisher(
  journalUrl: string,
  topics: PublishSettings,
  ports: Omit<PublishPorts, 'outlet'>,
): Publisher {
  const settings = parseKafkaUrl(journalUrl);
  const admin = createAdmin(settings);
  const producer = createPlainProducer(settings);
  const outlet = createKafkaOutlet({
    admin,
    producer,
    toRecord: toKafkaRecord,
    topics: topicNames(settings.prefix, topics),
    abandon: () => [admin, producer].forEach(abandon),
  });
  return startPublisher({ ...ports, outlet });
}
