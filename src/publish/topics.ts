import type { PublishedTopic } from '../journal/kafka/cloudevents.ts';

/** Names of the topics, as `journal.publish` has them. What is left out has the journal's prefix before its own name. */
export type PublishSettings = Readonly<Partial<Record<PublishedTopic, string>>>;

export type TopicNames = Readonly<Record<PublishedTopic, string>>;

/**
 * What the four topics are called in the cluster. With the prefix two hubs on one cluster stay apart; whoever wants exactly the names of the
 * requirements says so.
 *
 * @example topicNames('ops', { alerts: 'alerts' }).alerts // 'alerts'
 * @example topicNames('ops', {}).conflicts // 'ops-conflicts'
 */
export function topicNames(prefix: string, settings: PublishSettings): TopicNames {
  const nameOf = (topic: PublishedTopic): string => settings[topic] ?? `${prefix}-${topic}`;
  return {
    'vpa-events': nameOf('vpa-events'),
    'nap-events': nameOf('nap-events'),
    conflicts: nameOf('conflicts'),
    alerts: nameOf('alerts'),
  };
}
