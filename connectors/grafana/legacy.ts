import {
  Fault,
  readLink,
  readOptionalText,
  readText,
  readTexts,
  wrongShape,
  type AlertData,
  type AlertStatus,
} from '@signalbox/sdk';

type Payload = Readonly<Record<string, unknown>>;

/** What a state of a legacy rule means; `none`: nothing to tell yet. A paused rule never says "ok", so pausing ends its alert. */
const STATES: Readonly<Record<string, AlertStatus | 'none'>> = {
  alerting: 'firing',
  no_data: 'firing',
  ok: 'resolved',
  paused: 'resolved',
  pending: 'none',
  unknown: 'none',
};

/**
 * Legacy alerting (until Grafana 10). There is one alert per rule, not per series: "ok" comes without `evalMatches`, and
 * would otherwise resolve nothing. The series are kept in `details`.
 */
export function parseLegacy(payload: Payload): readonly AlertData[] {
  const state = payload['state'];
  const status = typeof state === 'string' && Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  if (status === undefined) throw wrongShape('state', `one of ${Object.keys(STATES).join(', ')}`);
  const name = readText(payload['ruleName'] ?? payload['title'], 'ruleName');
  const key = keyOf(payload);
  if (status === 'none') return [];

  const title = readOptionalText(payload['title'], 'title');
  const message = readOptionalText(payload['message'], 'message');
  const generatorURL = readLink(payload['ruleUrl']);
  return [
    {
      status,
      labels: { ...readTexts(payload['tags'], 'tags'), alertname: name },
      annotations: { ...(title && { summary: title }), ...(message && { description: message }) },
      key,
      ...(generatorURL !== undefined && { generatorURL }),
      details: detailsOf(payload),
    },
  ];
}

/** Organisation and rule; with the host of Grafana, because every Grafana counts from 1. */
function keyOf(payload: Payload): string {
  const { ruleId, orgId = 1, ruleUrl } = payload;
  if (!Number.isInteger(ruleId)) throw wrongShape('ruleId', 'a whole number');
  if (!Number.isInteger(orgId)) throw wrongShape('orgId', 'a whole number');
  const link = readLink(ruleUrl);
  return `grafana/${link && URL.canParse(link) ? new URL(link).host : ''}/${String(orgId)}/${String(ruleId)}`;
}

const MATCHES_MAX = 100;

function detailsOf(payload: Payload): Readonly<Record<string, unknown>> {
  const { state, ruleId, orgId, dashboardId, panelId, evalMatches } = payload;
  if (evalMatches !== undefined && evalMatches !== null && !Array.isArray(evalMatches)) {
    throw new Fault('SB_REJECTED', 'evalMatches must be a list.', { field: 'evalMatches' });
  }
  const imageURL = readLink(payload['imageUrl']);
  return {
    state,
    ruleId,
    ...(typeof orgId === 'number' && { orgId }),
    ...(typeof dashboardId === 'number' && { dashboardId }),
    ...(typeof panelId === 'number' && { panelId }),
    ...(imageURL !== undefined && { imageURL }),
    ...(Array.isArray(evalMatches) &&
      evalMatches.length > 0 && { evalMatches: evalMatches.slice(0, MATCHES_MAX) }),
  };
}
