// This file is long because the whole configuration stands in it, as the process sees it: whoever adds a setting reads what there is.
import type { ApprovalSettings } from './approval-settings.ts';
import type { AnalysisSettings } from './analysis-settings.ts';
import type { TimeInterval } from './time-interval.ts';
import type { DirectorySettings, NamedPlace } from './directory-settings.ts';
import type { InhibitRule } from './inhibition.ts';
import type { LimitRule } from './limit-settings.ts';
import type { Matcher } from './matcher.ts';
import type { ClassificationSettings } from './classification-settings.ts';
import type { NormaliseSettings } from './normalise-settings.ts';
import type { PrioritySettings } from './priority-settings.ts';
import type { ConditionText, RuleSettings } from './rule-settings.ts';
import type { WorkflowSettings } from './workflow-settings.ts';
import type { Silence } from './silence.ts';
import type { Priority } from '@signalbox/sdk';

/**
 * The configuration after it was read, checked and resolved: durations in milliseconds, sizes in bytes, secrets in
 * clear. It never leaves the process. The written form is `src/settings/schema.ts`.
 */
export interface Settings {
  /** Changes whenever the meaning changes: the hash of the resolved configuration. */
  readonly revision: string;
  /** Where rules were written, as `file:line:column` by path, for whoever is told about them. Not part of the revision. */
  readonly places?: Readonly<Record<string, string>>;
  /** Every place that names somebody or something of the organization. Not part of the revision either. */
  readonly names?: readonly NamedPlace[];
  readonly server: ServerSettings;
  readonly storage: StorageSettings;
  readonly log: {
    readonly level: 'debug' | 'info' | 'warn' | 'error';
    readonly format: 'auto' | 'json' | 'logfmt' | 'pretty';
  };
  readonly integrations: Readonly<Record<string, IntegrationSettings>>;
  readonly receivers: Readonly<Record<string, readonly ReceiverEntry[]>>;
  readonly route: RouteSettings;
  /** By name; each holds when one of its list does. */
  readonly timeIntervals: Readonly<Record<string, readonly TimeInterval[]>>;
  /** Absent: the severity alone decides. */
  readonly priority?: PrioritySettings;
  /** Absent: nothing is scored. */
  readonly scoring?: ScoringSettings;
  readonly inhibitRules: readonly InhibitRule[];
  /** Those of the configuration; others come through the API. */
  readonly maintenanceWindows: readonly Silence[];
  readonly silences: {
    /** A silence that still holds something is announced this long before it ends; 0: never. */
    readonly expiryNoticeMs: number;
    /** More firing alerts than this take a confirmation. */
    readonly confirmAbove: number;
  };
  readonly watchdog: WatchdogSettings;
  readonly lifecycle: LifecycleSettings;
  /** Absent: nothing needs a person's consent. */
  readonly approvals?: ApprovalSettings;
  /** Absent: alerts are not correlated, and there are no incidents. */
  readonly correlation?: CorrelationSettings;
  readonly incidents?: IncidentSettings;
  readonly topology?: TopologySettings;
  readonly flapping?: FlappingSettings;
  readonly storm?: StormSettings;
  /** Absent: alerts stay as their sources say them. */
  readonly normalise?: NormaliseSettings;
  /** Absent: nobody asks which environment an alert comes from. */
  readonly classification?: ClassificationSettings;
  /** In their order. Absent: namespaces may have what they ask for. */
  readonly namespaceLimits?: readonly LimitRule[];
  /** Absent: names are compared with nothing. */
  readonly directory?: DirectorySettings;
  /** In their order. */
  readonly rules: readonly RuleSettings[];
  /** What is found out about alerts before they are decided on, in this order. */
  readonly enrichment: readonly EnrichmentSettings[];
  /** How long a batch of alerts waits for all of it together. */
  readonly enrichmentBudgetMs: number;
  /** Who is asked about new episodes in the background; empty unless somebody wants it. */
  readonly analysis: AnalysisSettings;
  /** What is handed to workflow engines. */
  readonly workflows: readonly WorkflowSettings[];
}

/** One question that is asked about the alerts that its condition takes (BR-AP-002). */
export interface EnrichmentSettings extends ConditionText {
  readonly id: string;
  readonly source:
    | { readonly kind: 'integration'; readonly integration: string }
    /** Earlier episodes of the same alert, and who was told of them. */
    | { readonly kind: 'history' };
  /** How long an answer is good for. */
  readonly ttlMs: number;
  readonly timeoutMs: number;
  /** The name of the answer in the alert's context. */
  readonly as: string;
}

/** The parts of the work that nodes can share among them, in the order of the flow. */
export const ROLES = ['intake', 'process', 'deliver', 'api'] as const;
export type Role = (typeof ROLES)[number];

/** When a thread of its own sends: once there is much to send, from the first on, or never. */
export const DELIVERY_THREADS = ['auto', 'always', 'never'] as const;
export type DeliveryThread = (typeof DELIVERY_THREADS)[number];

export interface ServerSettings {
  readonly roles: readonly Role[];
  /** Of this node, the same over restarts. Absent: host name and port. */
  readonly nodeId?: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly tls?: TlsSettings;
  /** A second, plain listener with `/livez`, `/readyz` and `/metrics` only. */
  readonly healthListen?: { readonly host: string; readonly port: number };
  /** Peers whose `X-Forwarded-For` is believed, as CIDR. */
  readonly trustedProxies: readonly string[];
  /** Bearer tokens of the API. Empty: the API answers on loopback only. */
  readonly apiTokens: readonly string[];
  readonly externalURL: string;
  readonly accessLog: boolean;
  readonly deliveryThread: DeliveryThread;
  /** After a start nobody is told for this long; absent: as soon as it is known what there is to tell. */
  readonly startDelayMs?: number;
  /** How long a stop goes on serving while it says that it is not ready. */
  readonly drainDelayMs: number;
  /** How long a stop may take before what is left is abandoned to the journal. */
  readonly shutdownMs: number;
}

export interface TlsSettings {
  readonly certFile: string;
  readonly keyFile: string;
  /** Authorities of client certificates; asked for when set, demanded per endpoint by `auth.mtls`. */
  readonly clientCaFile?: string;
  /** Asks for a certificate without an authority, too; whoever answers looks at it. */
  readonly asksForCertificate?: boolean;
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3';
  /** Cipher suites of TLS 1.2 and curves under OpenSSL's names; its own choice where there are none. */
  readonly ciphers?: readonly string[];
  readonly curves?: readonly string[];
}

export interface StorageSettings {
  /** Data folder; holds `journal.db`, `store.db`, `lock` and `backups/`. */
  readonly path: string;
  /** PostgreSQL in place of `store.db`. */
  readonly url?: string;
  /** A replica of it, for people's queries. */
  readonly readUrl?: string;
  /** PostgreSQL or Apache Kafka in place of `journal.db`. */
  readonly journalUrl?: string;
  /** Names of the topics on which changes are published for others, where they are not the usual ones. */
  readonly publish: Readonly<Partial<Record<'alerts' | 'vpa-events' | 'nap-events' | 'conflicts', string>>>;
  /** Over this many bytes of unprocessed and kept records the intake answers 503. */
  readonly journalMaxBytes: number;
  /** How long things are kept after they are done, per kind. */
  readonly retention: Readonly<Record<RetentionKind, number>>;
}

export const RETENTION_KINDS = [
  'journal',
  'alerts',
  'incidents',
  'notifications',
  'receipts',
  'inputs',
  'quarantine',
  'changes',
  'silences',
  'namespaces',
  'approvals',
  'workflow_runs',
] as const;
export type RetentionKind = (typeof RETENTION_KINDS)[number];

export interface IntegrationSettings {
  readonly id: string;
  /** What people read instead of the id. */
  readonly title?: string;
  readonly connector: string;
  readonly tenant: string;
  /** Checked against the connector's schema, with its defaults filled in. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Present when the connector is a source. */
  readonly endpoint?: EndpointSettings;
  readonly delivery: DeliverySettings;
  readonly http: HttpSettings;
}

/** How the outbound HTTP client of one integration reaches out (design §4). */
export interface HttpSettings {
  /** `http://proxy:3128`; absent: directly. */
  readonly proxy?: string;
  readonly tls: {
    readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
    readonly caFile?: string;
    readonly certFile?: string;
    readonly keyFile?: string;
  };
  /** `metadata` refuses link-local addresses, `public` refuses private and loopback ones as well, `any` refuses nothing. */
  readonly reach: 'any' | 'metadata' | 'public';
}

/** One webhook endpoint with its own settings (BR-WH-002, BR-WH-016). */
export interface EndpointSettings {
  /** Absolute paths it answers on; default `/hooks/{id}`. */
  readonly paths: readonly string[];
  /** Empty: no authentication, allowed only on loopback or when said explicitly. All kinds given must pass. */
  readonly auth: readonly AuthSettings[];
  readonly allow: { readonly ips: readonly string[]; readonly hosts: readonly string[] };
  readonly limits: {
    readonly bodyBytes: number;
    readonly inflatedBytes: number;
    readonly depth: number;
    /** From the first byte of the request to its last. */
    readonly timeoutMs: number;
    /** Sustained requests per second and the burst above it. Infinity: not limited. */
    readonly ratePerSecond: number;
    readonly burst: number;
  };
  /** Request headers handed through to the event's `details.headers`, lower case (BR-WH-017). */
  readonly passHeaders: readonly string[];
  /** The header with the sender's delivery id, when the source does not know it by itself. */
  readonly deliveryIdHeader?: string;
  readonly dedupeWindowMs: number;
  /** Labels added to every event, e.g. `cluster`; they never replace what the sender said. */
  readonly labels: Readonly<Record<string, string>>;
  /** A firing alert that is not repeated for this long resolves by itself; absent: only when it says so. */
  readonly resolveAfterMs?: number;
  /** Silence for this long raises an alert of the hub's own. */
  readonly heartbeatMs?: number;
}

export type AuthSettings =
  | { readonly kind: 'bearer'; readonly tokens: readonly string[] }
  | { readonly kind: 'basic'; readonly username: string; readonly passwords: readonly string[] }
  | { readonly kind: 'api_key'; readonly header: string; readonly keys: readonly string[] }
  | HmacSettings
  | JwtSettings
  | {
      readonly kind: 'mtls';
      /** Accepted subject common names or SANs; empty: any certificate of the authority. */ readonly names: readonly string[];
    };

export interface HmacSettings {
  readonly kind: 'hmac';
  readonly header: string;
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly encoding: 'hex' | 'base64';
  /** In front of the value in the header: `sha256=`, `v0=`, `v1,`. */
  readonly prefix: string;
  /** What is signed: `{body}`, `{timestamp}.{body}`, `v0:{timestamp}:{body}`, `{id}.{timestamp}.{body}`. */
  readonly content: string;
  readonly timestampHeader?: string;
  readonly idHeader?: string;
  readonly toleranceMs: number;
  /** Two during a rotation. Bytes, because Standard Webhooks secrets are base64. */
  readonly secrets: readonly Uint8Array[];
}

export interface JwtSettings {
  readonly kind: 'jwt';
  readonly algorithms: readonly string[];
  readonly keys: readonly string[];
  readonly jwksUrl?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly clockSkewMs: number;
}

/** How deliveries of one integration behave (requirements section 13). */
export interface DeliverySettings {
  readonly rate?: { readonly requests: number; readonly perMs: number };
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly retry: { readonly initialMs: number; readonly maxMs: number; readonly factor: number };
  /** After this long a delivery is given up: fallback, then dead letter. */
  readonly deadlineMs: number;
  readonly breaker: { readonly failures: number; readonly cooldownMs: number };
  /** Integrations tried in turn when this one can't deliver. */
  readonly fallback: readonly string[];
  /** A critical delivery goes to the fallback after this long without success, without waiting for the deadline. */
  readonly fallbackAfterMs: number;
  /** What happens to a delivery of which it is unknown whether it arrived; `auto`: critical and warning go again, info does not. */
  readonly onUnknown: 'auto' | 'resend' | 'drop';
}

export interface ReceiverEntry {
  readonly integration: string;
  readonly sendResolved: boolean;
}

/** Alertmanager's route with everything inherited filled in. */
export interface RouteSettings {
  /** Alertmanager's key: `{}/{team="db"}`. */
  readonly key: string;
  readonly receiver: string;
  readonly matchers: readonly Matcher[];
  /** A CEL expression over the alert that has to hold as well. */
  readonly when?: string;
  readonly continue: boolean;
  /** Label names, or `...` for all. */
  readonly groupBy: readonly string[] | '...';
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  /** Names of time intervals: nobody is told while one of the first holds, or while the second are not empty and none holds. */
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
  /** Go templates for the messages; absent for none. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly routes: readonly RouteSettings[];
}

/** How relevance is learned. */
export interface ScoringSettings {
  /** On whose clock it is night. */
  readonly timeZone: string;
  /** What ends within this time speaks against its like. */
  readonly quickMs: number;
}

/** How the hub watches itself (design §2.14). */
export interface WatchdogSettings {
  /** The integration that gets the hub's own alarms directly, without journal and store; absent: only the log. */
  readonly lastResort?: string;
  /** The oldest unprocessed signal may be this old. */
  readonly lagMs: number;
  /** A delivery may wait this long before it counts as undeliverable. */
  readonly undeliveredMs: number;
  /** Share of `journalMaxBytes` from which on the hub says that it fills up. */
  readonly fullRatio: number;
}

/** The named services and what each depends on; cycles are allowed. */
export interface TopologySettings {
  /** The label that names the service of an alert. */
  readonly label: string;
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
  /** Whether alerts of a service are held while one that it depends on has a firing alert. */
  readonly suppress: boolean;
}

/** Which alerts belong together; the first rule whose matchers and expression hold takes an alert. */
export interface CorrelationRule {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  /** CEL beside the matchers; all three are compiled by `src/correlation/rule-conditions.ts`. */
  readonly when?: string;
  /** Alerts with different values of these labels are never in one incident. */
  readonly same: readonly string[];
  /** Starts that lie no further apart than this belong together. */
  readonly windowMs: number;
  /** Services at most so many dependencies apart belong together; absent: services do not count. */
  readonly hops?: number;
  /** Summaries must have this share of words in common, from 0 to 1; absent: texts do not count. */
  readonly similarity?: number;
  /** An alert that matches is the parent of the others; empty, and without an expression: none is. */
  readonly parent: readonly Matcher[];
  readonly parentWhen?: string;
  /** Alerts that match tell of deployments and changes; they explain incidents and open none. Empty, and without an expression: none do. */
  readonly changes: readonly Matcher[];
  readonly changesWhen?: string;
  /** How long before and after its start an incident looks for changes. */
  readonly changesMs: number;
}

export interface CorrelationSettings {
  readonly rules: readonly CorrelationRule[];
}

export interface IncidentSettings {
  /** A resolved incident takes new alerts, and opens again, for this long. */
  readonly reopenWindowMs: number;
  /** A resolved incident is closed after this long. */
  readonly closeAfterMs: number;
  /** An incident that nothing happens to for this long is marked as stale. */
  readonly staleAfterMs: number;
  /** An open incident that nobody acknowledged is raised to a severity, by time since it was opened; ascending. */
  readonly escalateAfter: readonly { readonly afterMs: number; readonly severity: string }[];
  /** Who is told of incidents; absent: nobody is, beside what the routes say of their alerts. */
  readonly receiver?: string;
  /** What is told beside the opening and the end. */
  readonly updates: readonly IncidentUpdate[];
  /** Alerts of a told incident are held by themselves. */
  readonly suppressMembers: boolean;
}

export const INCIDENT_UPDATES = ['severity', 'joined', 'cause', 'acknowledged', 'assigned', 'stale'] as const;
export type IncidentUpdate = (typeof INCIDENT_UPDATES)[number];

/** When an alert counts as flapping. */
export interface FlappingSettings {
  /** So many changes of status inside the window start it, and fewer than `low` end it. */
  readonly changes: number;
  readonly low: number;
  readonly windowMs: number;
}

/** When many new alerts become one digest. */
export interface StormSettings {
  /** Alerts with different values of these labels are counted apart; empty: per tenant. */
  readonly by: readonly string[];
  /** So many new alerts in a minute start it, and fewer than `low` end it. */
  readonly perMinute: number;
  readonly low: number;
}

/** What time does with alerts, and what an acknowledgement means (requirements BR-AP-021b…025b). */
export interface LifecycleSettings {
  /** A group whose firing alerts are all acknowledged is not told again by `repeat_interval`. */
  readonly ackStopsRepeats: boolean;
  /** A firing alert that was not heard of for this long is marked as stale; 0: never. */
  readonly staleAfterMs: number;
  /** One that was not heard of for this long is resolved; 0: never. */
  readonly resolveStaleAfterMs: number;
  readonly escalate: readonly EscalateRule[];
}

/** An alert that fires for longer than this counts for more. */
export interface EscalateRule {
  readonly matchers: readonly Matcher[];
  readonly afterMs: number;
  readonly severity?: string;
  readonly priority?: Priority;
}

export type { Priority };
