import { isMap, isScalar, parseDocument, visit } from 'yaml';

const MASK = '<secret>';
/** An `amtool` before 0.26 wants an address there, and reads routes no further without one. */
const MASKED_ADDRESS = 'http://<secret>';
/** Keys whose values Alertmanager keeps secret, in whatever section they stand. Names of files (`…_file`) are shown. */
const SECRET_KEYS = new Set([
  'api_key',
  'api_secret',
  'api_url',
  'app_token',
  'auth_password',
  'auth_secret',
  'bearer_token',
  'bot_token',
  'client_secret',
  'credentials',
  'opsgenie_api_key',
  'password',
  'routing_key',
  'secret',
  'secret_key',
  'secrets',
  'service_key',
  'slack_api_url',
  'slack_app_token',
  'smtp_auth_password',
  'smtp_auth_secret',
  'token',
  'user_key',
  'victorops_api_key',
  'webhook_url',
  'wechat_api_secret',
]);

/** An `alertmanager.yml` as its API shows it: the same file, with `<secret>` in the place of whatever is one. */
export function maskSecrets(text: string): string {
  const document = parseDocument(text);
  visit(document, {
    Pair(_key, pair, path) {
      const name = isScalar(pair.key) ? String(pair.key.value) : '';
      const isWebhookUrl = name === 'url' && isInside(path, 'webhook_configs');
      if (!SECRET_KEYS.has(name) && !isWebhookUrl) return undefined;
      pair.value = document.createNode(isWebhookUrl ? MASKED_ADDRESS : MASK);
      return visit.SKIP;
    },
  });
  return document.toString();
}

function isInside(path: readonly unknown[], section: string): boolean {
  return path.some(
    (node) =>
      typeof node === 'object' &&
      node !== null &&
      !isMap(node) &&
      'key' in node &&
      isScalar(node.key) &&
      node.key.value === section,
  );
}
