// Words for an environment that are part of something else in common compounds: a test kitchen tests no software. The list can't be whole;
// whoever runs such a product under another name adds a rule that says `nothing`, or an environment label. A production word is never
// in here, except where `live` belongs to what is broadcast.

/** Written as `first: followers`. */
const AFTER: Readonly<Record<string, string>> = {
  test:
    'automation bank bed bench booking case cases center centre cricket data drive drives driver engine environment-manager ' +
    'equipment fixtures flight flights framework ground grid harness kit kits kitchen lab labs library management manager match ' +
    'matches orchestrator paper papers pilot plan planner plans platform prep preparation portal rail registry report reporting ' +
    'reports result results ride runner runners score scores screen series site station strip strips suite suites taker tool ' +
    'tooling tools track tube tubes users',
  testing: 'center centre equipment kit kits lab labs library platform portal services station tools',
  stage:
    'actor build builder coach craft crew design designer director door effects engineering fright hand hands left lighting ' +
    'lights machinery manager management name names piano play plays plot presence race rental right rigging school ' +
    'scenery set show shows sound tickets time whisper',
  staging: 'area areas company design furniture home homes post rental rentals services table tables',
  sandbox: 'api-gateway controller game games manager operator orchestrator portal service toys',
  playground: 'booking equipment finder games map maps safety',
  dev: 'center centre community docs documentation ex experience hub portal productivity relations rel tool tooling tools',
  development:
    'agency aid bank company economics fund funds goals office officer plan planning plans policy program programme',
  qa: 'automation bot dashboard forum tool tooling tools',
  live:
    'auction auctions blog blogs cam cams chat chats concert concerts event events feed feeds location music player podcast ' +
    'quiz score scores scoring show shows shopping sport sports stream streaming streams ticker tracking traffic tv video',
};
/** Written as `last: predecessors`. */
const BEFORE: Readonly<Record<string, string>> = {
  test: 'ab aptitude beta blood car crash drug driving eye flash fitness hearing iq knowledge language listening personality placement pregnancy rapid screen skill speed split stress taste typing unit',
  testing: 'ab blood crash drug genetic penetration pen stress taste',
  stage:
    'backing center centre concert festival home landing main mid multi open second sound theater theatre world',
  staging: 'data home dwh',
  development:
    'app business career child community economic game international land learning leadership people personal product professional property real-estate regional research rural skill skills software sustainable talent team training urban web',
  preview: 'asset document file image invoice label link live media pdf print template video',
  demo: 'product',
  int: 'smart',
  acceptance: 'offer order terms',
};

export const COMPOUND_WORDS: readonly string[] = [
  ...Object.entries(AFTER).flatMap(([first, words]) => words.split(' ').map((word) => `${first}-${word}`)),
  ...Object.entries(BEFORE).flatMap(([last, words]) => words.split(' ').map((word) => `${word}-${last}`)),
];
