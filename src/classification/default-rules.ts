import type { Source } from './classification.ts';
import { COMPOUND_WORDS } from './compound-words.ts';
import type { Rule } from './rules.ts';

/** The name, environment labels and annotations, the cluster's name, and the owner's data. */
const EVERYWHERE: Source[] = ['name', 'label', 'annotation', 'cluster', 'owner'];
const SAID_OUTRIGHT = {
  on: ['label', 'annotation', 'owner'] satisfies Source[],
  keys: ['is-production', 'is_production'],
};

/** Six letters and digits with at least one digit: the end of a slug that GitLab makes of a branch. */
const GITLAB_SUFFIX = Array.from({ length: 6 }, (_, at) => `[a-z0-9]{${at}}[0-9][a-z0-9]{${5 - at}}`).join(
  '|',
);

/**
 * The built-in rules. Which word counts as which environment follows the tiers that GitLab guesses (https://docs.gitlab.com/ci/environments/)
 * where nothing is plain: acceptance is testing, non-production is staging, reviews are development.
 *
 * What is missing is missing on purpose, because it is as often something else, and unknown counts as production: single letters (the
 * team D), `no-prod` (production in Norway), `ppe` (protective equipment), `integration`, `local`, `review` at the end.
 */
export const DEFAULT_RULES: readonly Rule[] = [
  { id: 'production', on: EVERYWHERE, words: ['production', 'prod', 'prd', 'live'], says: 'production' },
  {
    id: 'nonproduction',
    on: EVERYWHERE,
    words: words(
      'nonproduction nonprod nonprd nprod nprd npd notprod non-production non-prod non-prd not-production not-prod',
    ),
    says: 'nonproduction',
  },
  {
    id: 'pre-production',
    on: EVERYWHERE,
    words: words(
      'preproduction preprod preprd pprod pprd ppd prelive pre-production pre-prod pre-prd pre-live',
    ),
    says: 'staging',
  },
  {
    id: 'production-like',
    on: EVERYWHERE,
    words: ['prod-like', 'prodlike', 'production-like', 'productionlike', 'like-prod', 'like-production'],
    says: 'staging',
  },
  { id: 'staging', on: EVERYWHERE, words: ['stg'], says: 'staging' },
  { id: 'staging-word', on: EVERYWHERE, words: ['staging', 'stage'], says: 'staging', is_ordinary: true },
  { id: 'demo', on: EVERYWHERE, words: ['demo'], position: 'last', says: 'staging', is_ordinary: true },
  {
    id: 'development',
    on: EVERYWHERE,
    words: ['dev', 'devel', 'develop', 'development', 'sbx', 'sbox'],
    says: 'development',
  },
  {
    id: 'development-word',
    on: EVERYWHERE,
    words: ['sandbox', 'playground'],
    says: 'development',
    is_ordinary: true,
  },
  {
    id: 'preview-word',
    on: EVERYWHERE,
    words: ['preview', 'review-app', 'review-apps', 'poc'],
    position: 'last',
    says: 'development',
    is_ordinary: true,
  },
  {
    id: 'pull-request',
    on: ['name'],
    pattern: '(?:^|-)(?:pr|mr|pull-request|merge-request|preview|preview-pr)-?[0-9]+(?:-|$)',
    says: 'development',
  },
  { id: 'preview', on: ['name'], pattern: '^preview-(?:[a-z0-9]+-)+[0-9]+$', says: 'development' },
  {
    id: 'gitlab-review',
    on: ['name'],
    pattern: `(?:^|-)review-(?:[a-z0-9]+-)+(?:${GITLAB_SUFFIX})$`,
    says: 'development',
  },
  {
    id: 'testing',
    on: EVERYWHERE,
    words: words(
      'qa uat tst nft e2e loadtest perftest load-test perf-test integration-test integration-tests system-test smoke-test acceptance-test',
    ),
    says: 'testing',
  },
  { id: 'testing-word', on: EVERYWHERE, words: ['test', 'testing'], says: 'testing', is_ordinary: true },
  {
    id: 'testing-at-the-end',
    on: EVERYWHERE,
    words: ['sit', 'oat', 'int', 'perf', 'acceptance'],
    position: 'last',
    says: 'testing',
    is_ordinary: true,
  },
  { id: 'compound', on: EVERYWHERE, words: [...COMPOUND_WORDS], says: 'nothing' },
  { id: 'is-production', ...SAID_OUTRIGHT, words: ['true', 'yes'], says: 'production' },
  { id: 'is-not-production', ...SAID_OUTRIGHT, words: ['false', 'no'], says: 'nonproduction' },
];

function words(list: string): string[] {
  return list.split(' ');
}
