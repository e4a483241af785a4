// `node test/corpus/namespaces/generate.ts`: writes the two composed files of the corpus, always the same; `--check` compares them instead.
// The schemes and their sources are in README.md. What is composed has one environment word where its scheme puts it, so the answer is known.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRandom } from '../../../bench/random.ts';

type Environment = 'production' | 'staging' | 'development' | 'testing';
type Pick = <T>(choices: readonly T[]) => T;
type Words = Readonly<Record<Environment, readonly string[]>>;

interface Scheme {
  readonly id: string;
  readonly count: number;
  readonly words: Words;
  readonly compose: (
    word: string,
    pick: Pick,
  ) => { readonly name: string; readonly labels?: string; readonly cluster?: string };
}

const HEAD = 'name,labels,cluster,environment,clarity,scheme';
const ENVIRONMENTS = ['production', 'staging', 'development', 'testing'] as const;
/** Any other number gives another corpus of the same kind. */
const SEED = 20_261_120;

const COMMON: Words = {
  production: ['prod', 'production', 'prd', 'live'],
  staging: ['staging', 'stage', 'stg', 'preprod', 'pre-prod'],
  development: ['dev', 'development', 'sandbox', 'sbx'],
  testing: ['test', 'qa', 'uat', 'tst', 'testing'],
};
/** The environments of Google's example foundation, and short names of the kind that Azure's guide shows. */
const FOUNDATION: Words = {
  production: ['production'],
  staging: ['nonproduction', 'non-production'],
  development: ['development'],
  testing: ['testing'],
};
const SHORT: Words = {
  production: ['prd', 'prod'],
  staging: ['stg', 'stage', 'ppd'],
  development: ['dev', 'sbx'],
  testing: ['tst', 'qa', 'uat', 'test'],
};

const TEAMS = [
  'payments',
  'risk',
  'growth',
  'identity',
  'platform',
  'logistics',
  'team-red',
  'core',
  'data',
  'mobile',
];
const APPS = [
  'checkout',
  'cart',
  'search',
  'ledger',
  'billing',
  'frontend',
  'gateway',
  'notification-service',
  'product-catalog',
  'inventory',
  'pricing',
  'recommendations',
  'producer',
  'delivery',
  'reports',
  'auth',
  'livestream',
  'device-registry',
  'cms',
  'procurement',
];
const REGIONS = [
  'eu-west-1',
  'us-east-1',
  'euw1',
  'use1',
  'weu',
  'ap-southeast-2',
  'eu',
  'us',
  'europe-west3',
  'northeurope',
];
const NUMBERS = ['1', '2', '01', '02', '001'];

const TRAIN: readonly Scheme[] = [
  { id: 'app-env', count: 140, words: COMMON, compose: (word, pick) => ({ name: `${pick(APPS)}-${word}` }) },
  {
    id: 'team-app-env',
    count: 200,
    words: COMMON,
    compose: (word, pick) => ({ name: `${pick(TEAMS)}-${pick(APPS)}-${word}` }),
  },
  { id: 'env-app', count: 140, words: COMMON, compose: (word, pick) => ({ name: `${word}-${pick(APPS)}` }) },
  {
    id: 'env-team-app',
    count: 160,
    words: COMMON,
    compose: (word, pick) => ({ name: `${word}-${pick(TEAMS)}-${pick(APPS)}` }),
  },
  {
    id: 'app-env-number',
    count: 120,
    words: COMMON,
    compose: (word, pick) => ({ name: `${pick(APPS)}-${word}-${pick(NUMBERS)}` }),
  },
  {
    id: 'app-env-region',
    count: 180,
    words: COMMON,
    compose: (word, pick) => ({ name: `${pick(APPS)}-${word}-${pick(REGIONS)}` }),
  },
  {
    id: 'region-env-app',
    count: 160,
    words: COMMON,
    compose: (word, pick) => ({ name: `${pick(REGIONS)}-${word}-${pick(APPS)}` }),
  },
  {
    id: 'foundation',
    count: 80,
    words: FOUNDATION,
    compose: (word, pick) => ({ name: `bu${pick(['1', '2'])}-${word}-${pick(APPS)}` }),
  },
  {
    id: 'labelled',
    count: 120,
    words: COMMON,
    compose: (word, pick) => ({
      name: `${pick(TEAMS)}-${pick(APPS)}`,
      labels: `${pick(['environment', 'env', 'app.example.org/environment'])}=${word}`,
    }),
  },
  {
    id: 'clustered',
    count: 80,
    words: SHORT,
    compose: (word, pick) => ({
      name: `${pick(TEAMS)}-${pick(APPS)}`,
      cluster: `${pick(['eks', 'aks', 'gke', 'ocp'])}-${word}-${pick(REGIONS)}`,
    }),
  },
];

const CUSTOMERS = ['acme', 'globex', 'initech', 'umbrella', 'contoso', 'fabrikam', 'northwind', 'hooli'];
const SERVICES = [
  'order-api',
  'user-profile',
  'loyalty',
  'warehouse',
  'shipping-label',
  'fraud-check',
  'media',
  'newsletter',
  'product-search',
  'live-tracking',
  'price-engine',
  'booking',
  'claims',
  'policy-admin',
  'timetable',
  'geo',
  'stock-levels',
  'vouchers',
  'event-bus',
  'lab-results',
];
const PLACES = ['eus2', 'westus3', 'ue1', 'usw2', 'francecentral', 'fra', 'asia-east1', 'cac1', 'weu', 'neu'];

const HOLDOUT: readonly Scheme[] = [
  {
    id: 'licence-plate',
    count: 80,
    words: { production: ['prod'], staging: ['staging'], development: ['dev'], testing: ['test'] },
    compose: (word, pick) => ({ name: `${plate(pick)}-${word}` }),
  },
  {
    id: 'customer-env-service',
    count: 140,
    words: SHORT,
    compose: (word, pick) => ({ name: `${pick(CUSTOMERS)}-${word}-${pick(SERVICES)}` }),
  },
  {
    id: 'service-customer-env',
    count: 140,
    words: COMMON,
    compose: (word, pick) => ({ name: `${pick(SERVICES)}-${pick(CUSTOMERS)}-${word}` }),
  },
  {
    id: 'type-workload-env-region-instance',
    count: 120,
    words: SHORT,
    compose: (word, pick) => ({
      name: `${pick(['rg', 'aks', 'app', 'kv'])}-${pick(SERVICES)}-${word}-${pick(PLACES)}-${pick(['001', '002', '010'])}`,
    }),
  },
  {
    id: 'namespace-environment-stage-name',
    count: 120,
    words: { ...SHORT, testing: ['qa', 'uat', 'test'] },
    compose: (word, pick) => ({
      name: `${pick(['eg', 'acme', 'cpco'])}-${pick(PLACES)}-${word}-${pick(SERVICES)}`,
    }),
  },
  {
    id: 'dotted-label',
    count: 80,
    words: COMMON,
    compose: (word, pick) => ({
      name: `${pick(CUSTOMERS)}-${pick(SERVICES)}`,
      labels: `example.net/team=${pick(TEAMS)};deployment.environment.name=${word}`,
    }),
  },
];

function plate(pick: Pick): string {
  const digits = '0123456789abcdef'.split('');
  return Array.from({ length: 6 }, (_, index) => pick(index === 0 ? 'acdef'.split('') : digits)).join('');
}

function compose(schemes: readonly Scheme[], seed: number): string {
  const random = createRandom(seed);
  const pick: Pick = (choices) => choices[Math.floor(random() * choices.length)]!;
  const seen = new Set<string>();
  const lines = schemes.flatMap(({ id, count, words, compose: make }) => {
    const rows: string[] = [];
    for (let attempt = 0; rows.length < count && attempt < count * 20; attempt += 1) {
      const environment = ENVIRONMENTS[rows.length % ENVIRONMENTS.length]!;
      const { name, labels = '', cluster = '' } = make(pick(words[environment]), pick);
      const key = `${name},${labels},${cluster}`;
      if (seen.has(key)) continue;
      seen.add(key);
      rows.push(`${key},${environment},clear,${id}`);
    }
    return rows;
  });
  return `${[HEAD, ...lines].join('\n')}\n`;
}

for (const [file, text] of [
  ['train-composed.csv', compose(TRAIN, SEED)],
  ['holdout-composed.csv', compose(HOLDOUT, SEED + 1)],
] as const) {
  const target = new URL(file, import.meta.url);
  if (!process.argv.includes('--check')) writeFileSync(target, text);
  else if (readFileSync(target, 'utf8') !== text) {
    process.stdout.write(`out of date: ${file}\nto fix: node test/corpus/namespaces/generate.ts\n`);
    process.exitCode = 1;
  }
}
