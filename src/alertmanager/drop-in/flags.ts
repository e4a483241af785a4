/** One flag of Alertmanager's command line. */
export interface DropInFlag {
  readonly kind: 'text' | 'texts' | 'duration' | 'integer' | 'number' | 'switch';
  /** As Alertmanager shows it; absent for none. */
  readonly standard?: string;
  readonly choices?: readonly string[];
  /** What it does here. */
  readonly description: string;
}

const NO_GOSSIP =
  'Taken and without effect: processes meet in one database (`--storage-url`), not by gossip.';

/** What changes nothing here but has its values checked, so that command lines go on working. */
function unused(kind: DropInFlag['kind'], standard: string, why: string): DropInFlag {
  return { kind, standard, description: why };
}

/**
 * The flags of Alertmanager 0.34 with their defaults
 * (https://github.com/prometheus/alertmanager/blob/v0.34.2/cmd/alertmanager/main.go), and our own at the end.
 */
export const DROP_IN_FLAGS = {
  'config.file': { kind: 'text', standard: 'alertmanager.yml', description: 'The configuration.' },
  'storage.path': {
    kind: 'text',
    standard: 'data/',
    description: 'The folder for data; made when it is missing.',
  },
  'data.retention': {
    kind: 'duration',
    standard: '120h',
    description: 'How long resolved alerts and notifications are kept.',
  },
  'data.maintenance-interval': unused(
    'duration',
    '15m',
    'Taken and without effect: every change is on disk at once.',
  ),
  'silences.max-silences': {
    kind: 'integer',
    standard: '0',
    description: 'Most silences, expired ones included, for Alertmanager’s API; 0 or less is no limit.',
  },
  'silences.max-silence-size-bytes': {
    kind: 'integer',
    standard: '0',
    description: 'Largest silence in bytes, for Alertmanager’s API; 0 or less is no limit.',
  },
  'log.silences': {
    kind: 'switch',
    description: 'Taken and without effect: changes of silences are always recorded with who made them.',
  },
  'alerts.gc-interval': unused(
    'duration',
    '30m',
    'Taken and without effect: alerts go when `data.retention` is over.',
  ),
  'alerts.per-alertname-limit': unused(
    'integer',
    '0',
    'Taken and without effect, with a warning: alerts are never dropped.',
  ),
  'dispatch.maintenance-interval': unused('duration', '30s', 'Taken and without effect.'),
  'dispatch.start-delay': {
    kind: 'duration',
    standard: '0s',
    description: 'After a start nobody is told for this long.',
  },
  'web.listen-address': {
    kind: 'texts',
    standard: ':9093',
    description: 'Where to listen; may be given several times.',
  },
  'web.config.file': {
    kind: 'text',
    standard: '',
    description:
      'TLS, certificates of clients, passwords, headers and pace as the Prometheus exporter toolkit writes them.',
  },
  'web.systemd-socket': { kind: 'switch', description: 'Refused: sockets of systemd are not taken over.' },
  'web.external-url': {
    kind: 'text',
    description:
      'The address for people. Its path is the prefix of all addresses. Default: host name and port.',
  },
  'web.route-prefix': {
    kind: 'text',
    description: 'The prefix of all addresses, where it is not that of `--web.external-url`.',
  },
  'web.cors.origin': {
    kind: 'text',
    standard: '',
    description:
      'Regular expression for whole origins, such as `https?://(a|b)\\.example\\.org`, whose pages may use `/api/v2`. Without it those of its own address alone may.',
  },
  'web.get-concurrency': {
    kind: 'integer',
    standard: '0',
    description: 'Most GET requests to `/api/v2` at once; 0 or less is the number of processors, at least 8.',
  },
  'web.timeout': unused('duration', '0', 'Taken and without effect: no answer takes longer than 30 seconds.'),
  'auto-gomemlimit.ratio': unused('number', '0.9', 'Taken and without effect: there is no Go here.'),
  'cluster.listen-address': unused('text', '0.0.0.0:9094', `${NO_GOSSIP} Nothing listens there.`),
  'cluster.advertise-address': { kind: 'text', description: NO_GOSSIP },
  'cluster.peer': {
    kind: 'texts',
    description: 'Other processes of the cluster; with `--storage-url` they share the work.',
  },
  'cluster.peer-name': {
    kind: 'text',
    standard: '',
    description: 'Names this process, the same over restarts.',
  },
  'cluster.peer-timeout': unused('duration', '15s', NO_GOSSIP),
  'cluster.peers-resolve-timeout': unused('duration', '15s', NO_GOSSIP),
  'cluster.gossip-interval': unused('duration', '200ms', NO_GOSSIP),
  'cluster.pushpull-interval': unused('duration', '1m0s', NO_GOSSIP),
  'cluster.tcp-timeout': unused('duration', '10s', NO_GOSSIP),
  'cluster.probe-timeout': unused('duration', '500ms', NO_GOSSIP),
  'cluster.probe-interval': unused('duration', '1s', NO_GOSSIP),
  'cluster.settle-timeout': unused('duration', '1m0s', NO_GOSSIP),
  'cluster.reconnect-interval': unused('duration', '10s', NO_GOSSIP),
  'cluster.reconnect-timeout': unused('duration', '6h0m0s', NO_GOSSIP),
  'cluster.tls-config': unused('text', '', `${NO_GOSSIP} TLS to the database is said in its address.`),
  'cluster.allow-insecure-public-advertise-address-discovery': { kind: 'switch', description: NO_GOSSIP },
  'cluster.label': unused('text', '', NO_GOSSIP),
  'enable-feature': {
    kind: 'text',
    standard: '',
    description: 'Names with commas between; those that Alertmanager knows are taken, none has an effect.',
  },
  'log.level': {
    kind: 'text',
    standard: 'info',
    choices: ['debug', 'info', 'warn', 'error'],
    description: 'The least important lines that are written.',
  },
  'log.format': {
    kind: 'text',
    standard: 'logfmt',
    choices: ['logfmt', 'json'],
    description: 'How the log on standard error is written.',
  },
  'storage-url': {
    kind: 'text',
    description:
      'Not of Alertmanager: a PostgreSQL database in place of files. Several processes that name each other by `--cluster.peer` share it. Also `SIGNALBOX_STORAGE_URL`.',
  },
} as const satisfies Readonly<Record<string, DropInFlag>>;

export type FlagName = keyof typeof DROP_IN_FLAGS;

/** What a kind of flag becomes; durations are milliseconds. */
type ValueOf<F extends DropInFlag> = F['kind'] extends 'texts'
  ? readonly string[]
  : F['kind'] extends 'switch'
    ? boolean
    : F['kind'] extends 'text'
      ? F extends { readonly standard: string }
        ? string
        : string | undefined
      : number;

export type DropInFlags = { readonly [Name in FlagName]: ValueOf<(typeof DROP_IN_FLAGS)[Name]> };

/** Names that `--enable-feature` takes. */
const FEATURES = [
  'alert-names-in-metrics',
  'receiver-name-in-metrics',
  'group-key-in-metrics',
  'classic-mode',
  'utf8-strict-mode',
  'auto-gomemlimit',
  'event-recorder',
];

/** What is wrong with the features in Alertmanager's words; undefined when nothing is. */
export function featureProblem(written: string): string | undefined {
  const names = written === '' ? [] : written.split(',');
  const unknown = names.find((name) => !FEATURES.includes(name));
  if (unknown !== undefined) return `unknown option '${unknown}' for --enable-feature`;
  return names.includes('classic-mode') && names.includes('utf8-strict-mode')
    ? 'cannot have both classic and UTF-8 modes enabled'
    : undefined;
}
