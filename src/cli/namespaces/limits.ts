import type { LimitCheckView, NamespaceLimitsView } from '../../api/views/present-limits.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { BY_FLAG, whoActs } from '../incidents/by-flag.ts';
import { readPairs } from '../pairs.ts';
import { renderTable } from '../table.ts';
import { printJson, type Terminal } from '../terminal.ts';

export default defineCommand({
  description: [
    'Shows what a namespace may have by `namespace_limits`, each limit with its rule and where that is written. With `--ask` it is asked whether that much is within the limits.',
    '`--request-approval` makes a breach a question that somebody answers with `signalbox approvals approve`; who asks for the same again sees what came of it. Exit code 1 while it may not be had.',
  ],
  positionals: [{ name: 'NAME', description: 'A namespace' }],
  flags: {
    ask: { type: 'strings', description: 'How much it is to have; may be repeated', hint: 'RESOURCE=AMOUNT' },
    'request-approval': { type: 'boolean', description: 'Ask somebody where a limit is breached' },
    cluster: { type: 'string', description: 'The cluster that it is in', hint: 'NAME' },
    tenant: { type: 'string', description: 'Of this tenant', hint: 'NAME' },
    ...BY_FLAG,
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox namespaces limits shop', what: 'what may it have, and who says so?' },
    { line: 'signalbox namespaces limits shop --ask cpu=4500m --ask memory=16Gi', what: 'may it have this?' },
    { line: 'signalbox namespaces limits shop --ask cpu=4500m --request-approval', what: 'ask somebody' },
  ],
  async run({ flags, positionals, terminal }) {
    const { ask, cluster, tenant, json } = flags;
    if (flags['request-approval'] && ask.length === 0)
      throw new CommandError('usage', '--request-approval needs --ask RESOURCE=AMOUNT');
    const asked = readPairs('--ask', ask);
    const hub = await findHub(flags, terminal);
    const path = `/namespaces/${encodeURIComponent(positionals[0]!)}/limits`;
    const where = {
      ...(cluster === undefined ? {} : { cluster }),
      ...(tenant === undefined ? {} : { tenant }),
    };
    if (ask.length === 0) {
      const limits = await hub.get<NamespaceLimitsView>(path, where);
      if (json) printJson(terminal, limits);
      else terminal.print(describeLimits(limits, terminal));
      return 0;
    }
    const wish = flags['request-approval'] ? { request_approval: true, ...whoActs(flags.by, terminal) } : {};
    const check = await hub.post<LimitCheckView>(`${path}/check`, { ...where, asked, ...wish });
    if (json) printJson(terminal, check);
    else terminal.print(describeCheck(check));
    return check.outcome === 'within' || isGranted(check) ? 0 : 1;
  },
});

function isGranted({ approval }: LimitCheckView): boolean {
  return approval?.state === 'approved';
}

function describeLimits(view: NamespaceLimitsView, terminal: Terminal): string {
  const { limits, approvals } = view;
  const columns = [{ title: 'RESOURCE' }, { title: 'LIMIT' }, { title: 'RULE' }, { title: 'WRITTEN AT' }];
  const rows = limits.map(({ resource, limit, rule, place = '' }) => [resource, limit, rule, place]);
  const table = limits.length === 0 ? 'No rule limits it.' : renderTable(columns, rows, terminal);
  const asked = approvals.map(({ id, state, question }) => `${id} ${state}: ${question}`);
  return [describeNamespace(view), table, ...asked].join('\n');
}

function describeCheck(view: LimitCheckView): string {
  const { outcome, breaches, unlimited, approval } = view;
  return [
    describeNamespace(view),
    outcome === 'within' ? 'Within its limits.' : 'Above its limits:',
    ...breaches.map(({ message, place }) => `  ${message}${place === undefined ? '' : ` (${place})`}`),
    ...(unlimited.length === 0 ? [] : [`Not limited: ${unlimited.join(', ')}`]),
    ...(approval ? [`Approval ${approval.id} is ${approval.state}.`] : []),
  ].join('\n');
}

function describeNamespace(view: NamespaceLimitsView | LimitCheckView): string {
  const { namespace, cluster, environment, known, criticality, priority, tenant } = view;
  const said = [environment, criticality, priority && `priority ${priority}`, tenant && `tenant ${tenant}`];
  const where = cluster === undefined ? namespace : `${namespace} of ${cluster}`;
  return `${where}: ${said.filter(Boolean).join(', ')}${known ? '' : ' (by its name alone; no record of it)'}`;
}
