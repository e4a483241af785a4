import type { CloudEvent, PublishedTopic } from '../journal/kafka/cloudevents.ts';

export interface OutgoingEvent {
  readonly topic: PublishedTopic;
  readonly event: CloudEvent;
}

/** Where events go. */
export interface Outlet {
  /** Resolves when all copies that count have all of them, in order per partition key; after a failure some may be there already. */
  publish(events: readonly OutgoingEvent[]): Promise<void>;
  close(): void;
}
