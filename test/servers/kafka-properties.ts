import { join } from 'node:path';

export const KAFKA_USER = 'hub';
export const KAFKA_PASSWORD = 'kafka-pa55word';
export const SCRAM_MECHANISMS = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

/** Where one broker lives and listens. */
export interface BrokerPlan {
  readonly id: number;
  readonly home: string;
  readonly clientPort: number;
  /** Where clients are told to find that listener. */
  readonly advertisedPort: number;
  /** Between brokers, and for the question whether they are up: nobody signs in here. */
  readonly innerPort: number;
  /** Where other brokers are told to find that one. */
  readonly innerWay: number;
  readonly controllerPort: number;
  /** Likewise. */
  readonly controllerWay: number;
}

/** The text of a broker's server.properties (Apache Kafka 4 documentation, "Broker Configs" and "KRaft"). */
export function brokerProperties(
  plan: BrokerPlan,
  plans: readonly BrokerPlan[],
  options: {
    readonly sasl?: boolean;
    readonly tls?: object;
    readonly properties?: Readonly<Record<string, string>>;
  },
): string {
  const protocol = (options.sasl ? 'SASL_' : '') + (options.tls ? 'SSL' : 'PLAINTEXT');
  const listenAt = (client: number, inner: number, controller: number) =>
    `CLIENT://127.0.0.1:${client},INNER://127.0.0.1:${inner},CONTROLLER://127.0.0.1:${controller}`;
  const replicas = String(Math.min(3, plans.length));
  const properties: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': String(plan.id),
    'controller.quorum.voters': plans
      .map(
        ({ id, controllerPort, controllerWay }) =>
          `${id}@127.0.0.1:${id === plan.id ? controllerPort : controllerWay}`,
      )
      .join(','),
    listeners: listenAt(plan.clientPort, plan.innerPort, plan.controllerPort),
    'advertised.listeners': listenAt(plan.advertisedPort, plan.innerWay, plan.controllerWay),
    'listener.security.protocol.map': `CLIENT:${protocol},INNER:PLAINTEXT,CONTROLLER:PLAINTEXT`,
    'inter.broker.listener.name': 'INNER',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(plan.home, 'data'),
    'auto.create.topics.enable': 'false',
    'offsets.topic.num.partitions': '1',
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.num.partitions': '1',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    // A broker that was killed is given up soon, so that a test needn't wait the usual 9 s.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    ...(options.sasl ? saslProperties() : {}),
    ...(options.tls
      ? { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': join(plan.home, 'server.pem') }
      : {}),
    ...options.properties,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Unsigned tokens are what the broker's own OAUTHBEARER login module accepts when no other is configured; for tests only. */
function saslProperties(): Record<string, string> {
  const modules = 'org.apache.kafka.common.security';
  const properties: Record<string, string> = {
    'sasl.enabled.mechanisms': ['PLAIN', 'OAUTHBEARER', ...SCRAM_MECHANISMS].join(','),
    'listener.name.client.plain.sasl.jaas.config': `${modules}.plain.PlainLoginModule required user_${KAFKA_USER}="${KAFKA_PASSWORD}";`,
    'listener.name.client.oauthbearer.sasl.jaas.config': `${modules}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
  };
  for (const mechanism of SCRAM_MECHANISMS) {
    properties[`listener.name.client.${mechanism.toLowerCase()}.sasl.jaas.config`] =
      `${modules}.scram.ScramLoginModule required;`;
  }
  return properties;
}
