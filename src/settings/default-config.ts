/**
 * What runs when no file is given: two endpoints and the console. They have no `auth`, which is allowed on loopback only, so
 * that `--listen 0.0.0.0:8080` alone can't open them to everybody. The log is quiet, because the notifications appear on the
 * same terminal.
 */
export const DEFAULT_CONFIG = `log:
  level: warn
server:
  access_log: false
integrations:
  alertmanager:
    connector: alertmanager
  generic:
    connector: generic
  console:
    connector: console
receivers:
  console: [{ integration: console }]
routes:
  receiver: console
  group_by: [alertname]
  group_wait: 1s
  group_interval: 5s
  repeat_interval: 4h
`;

/** The file that `signalbox init` writes: the same configuration, explained. */
export function initTemplate(): string {
  return `# Configuration of Signalbox. Check it with: signalbox check signalbox.yaml
# All settings: docs/reference/configuration.md

server:
  # Beyond this machine, set a token for the API and \`auth\` for each source below.
  listen: 127.0.0.1:8080
  # api_tokens: ["\${env:SIGNALBOX_API_TOKEN}"]
  # One line per request. Set it to true once others send here.
  access_log: false

# Quiet, so that notifications on the same terminal can be seen. A server wants "info".
log:
  level: warn

storage:
  path: ./data

integrations:
  # Sources receive. This one answers on POST /hooks/alertmanager.
  alertmanager:
    connector: alertmanager
    # auth: { bearer: "\${env:ALERTMANAGER_TOKEN}" }

  # Any JSON, XML, YAML or form; see the page of the connector for mappings.
  generic:
    connector: generic

  # Notifiers deliver. This one writes to the terminal.
  console:
    connector: console

  # chat:
  #   connector: slack
  #   config: { webhook_url: "\${env:SLACK_WEBHOOK_URL}" }
  #   fallback: console

# Who is told: integrations under a name.
receivers:
  console:
    - integration: console

# Which alerts go to whom, in Alertmanager's words. The first route below that matches takes the alert.
routes:
  receiver: console
  group_by: [alertname]
  group_wait: 1s
  group_interval: 5s
  repeat_interval: 4h
  # routes:
  #   - matchers: ['severity="critical"']
  #     receiver: on-call
`;
}
