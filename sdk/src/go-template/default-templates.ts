/**
 * The definitions that Alertmanager has built in, by its names, because configurations refer to them and people know their texts.
 * Written anew; the texts are the same where a format is relied upon, the HTML of e-mail is our own.
 * https://prometheus.io/docs/alerting/latest/notifications/
 */

/** One line: what state, how many, which group, and what the alerts have in common beyond the group. */
const SUBJECT = `{{ define "__subject" -}}
{{ $more := .CommonLabels.Remove .GroupLabels.Names -}}
[{{ toUpper .Status }}{{ with and (eq .Status "firing") .Alerts.Firing }}:{{ len . }}{{ end }}]
{{- " " }}{{ join " " .GroupLabels.Values }} {{ with $more.Values }}({{ join " " . }}){{ end }}
{{- end }}`;

const SHARED = `{{ define "__alertmanager" }}Alertmanager{{ end }}
{{ define "__alertmanagerURL" }}{{ .ExternalURL }}/#/alerts?receiver={{ urlquery .Receiver }}{{ end }}
{{ define "__description" }}{{ end }}
{{ define "__text_alert_list" -}}
{{ range $alert := . }}Labels:
{{ range $name, $value := $alert.Labels.SortedPairs }} - {{ $value.Name }} = {{ $value.Value }}
{{ end }}Annotations:
{{ range $name, $value := $alert.Annotations.SortedPairs }} - {{ $value.Name }} = {{ $value.Value }}
{{ end }}Source: {{ $alert.GeneratorURL }}
{{ end }}
{{- end }}
{{ define "__text_alert_list_markdown" -}}
{{ range $alert := . }}{{ "\\n" }}Labels:
{{ range $name, $value := $alert.Labels.SortedPairs }}  - {{ $value.Name }} = {{ $value.Value }}
{{ end }}{{ "\\n" }}Annotations:
{{ range $name, $value := $alert.Annotations.SortedPairs }}  - {{ $value.Name }} = {{ $value.Value }}
{{ end }}{{ "\\n" }}Source: {{ $alert.GeneratorURL }}
{{ end }}{{ "\\n" }}
{{- end }}
{{ define "__status_color" }}{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}{{ end }}`;

/** Definitions that yield what another one yields. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  __subject: [
    'slack.default.title',
    'pagerduty.default.description',
    'opsgenie.default.message',
    'victorops.default.entity_display_name',
    'pushover.default.title',
    'sns.default.subject',
    'discord.default.title',
    'msteams.default.summary',
    'msteams.default.title',
    'msteamsv2.default.title',
    'jira.default.summary',
    'rocketchat.default.title',
    'mattermost.default.title',
    'email.default.subject',
  ],
  __alertmanager: [
    'slack.default.username',
    'pagerduty.default.client',
    'victorops.default.monitoring_tool',
    'rocketchat.default.alias',
    'mattermost.default.username',
  ],
  __alertmanagerURL: [
    'slack.default.titlelink',
    'pagerduty.default.clientURL',
    'opsgenie.default.source',
    'pushover.default.url',
    'rocketchat.default.titlelink',
    'mattermost.default.titlelink',
  ],
  __status_color: ['slack.default.color', 'mattermost.default.color'],
  __text_alert_list: ['pagerduty.default.instances'],
};

/** Definitions that yield nothing until somebody defines them. */
const EMPTY = [
  'slack.default.callbackid',
  'slack.default.pretext',
  'slack.default.iconemoji',
  'slack.default.iconurl',
  'slack.default.text',
  'slack.default.footer',
  'wechat.default.to_user',
  'wechat.default.to_party',
  'wechat.default.to_tag',
  'wechat.default.agent_id',
  'discord.default.content',
  'rocketchat.default.emoji',
  'rocketchat.default.iconurl',
  'rocketchat.default.text',
];

const ANNOTATIONS = '{{ join " " .CommonAnnotations.Values }}\n';

/** The alerts that fire, then those that are resolved; `edge` is what stands around each list. */
function lists(edge: string, heading: string, list: string): string {
  return ['Firing', 'Resolved']
    .map(
      (state) =>
        `{{ with .Alerts.${state} }}${edge}${heading}Alerts ${state}:\n{{ template "${list}" . }}${edge}{{ end }}`,
    )
    .join('\n');
}

const DENSE = lists('', '', '__text_alert_list');
const SPACED = `${lists('\n', '', '__text_alert_list')}\n`;
const MARKDOWN = `\n${lists('\n', '# ', '__text_alert_list_markdown')}\n`;

const BODIES: Readonly<Record<string, string>> = {
  'slack.default.fallback':
    '{{ template "slack.default.title" . }} | {{ template "slack.default.titlelink" . }}',
  'mattermost.default.fallback':
    '{{ template "mattermost.default.title" . }} | {{ template "mattermost.default.titlelink" . }}',
  'opsgenie.default.description': ANNOTATIONS + DENSE,
  'victorops.default.state_message': ANNOTATIONS + DENSE,
  'wechat.default.message': `{{ template "__subject" . }}\n${ANNOTATIONS}${DENSE}\nAlertmanagerUrl:\n{{ template "__alertmanagerURL" . }}`,
  'pushover.default.message': ANNOTATIONS + SPACED,
  'sns.default.message': ANNOTATIONS + SPACED,
  'webex.default.message': ANNOTATIONS + SPACED,
  'telegram.default.message': `\n${SPACED}`,
  'discord.default.message': `\n${SPACED}`,
  'msteams.default.text': MARKDOWN,
  'msteamsv2.default.text': MARKDOWN,
  'jira.default.description': MARKDOWN,
  'mattermost.default.text': MARKDOWN,
};

/** The worst severity of what fires, else of what is resolved, as a priority of Jira. */
const JIRA_PRIORITY = `{{ define "jira.default.priority" -}}
{{ $ranks := list (list "critical" "High") (list "warning" "Medium") (list "info" "Low") -}}
{{ $found := "" -}}
{{ range $alerts := list .Alerts.Firing .Alerts.Resolved -}}
  {{ range $rank := $ranks -}}
    {{ range $alerts -}}
      {{ if and (not $found) (eq .Labels.severity (index $rank 0)) }}{{ $found = index $rank 1 }}{{ end -}}
    {{ end -}}
  {{ end -}}
{{ end -}}
{{ $found }}
{{- end }}`;

const EMAIL = `{{ define "__email_alert" -}}
<table role="presentation" width="100%" style="border-collapse: collapse; margin: 0 0 16px;">
{{ range .Labels.SortedPairs -}}
<tr><td style="padding: 2px 12px 2px 0; color: #5b6470; white-space: nowrap; vertical-align: top;">{{ .Name }}</td><td width="100%" style="padding: 2px 0; font-family: monospace;">{{ .Value }}</td></tr>
{{ end -}}
{{ range .Annotations.SortedPairs -}}
<tr><td style="padding: 2px 12px 2px 0; color: #5b6470; white-space: nowrap; vertical-align: top;">{{ .Name }}</td><td width="100%" style="padding: 2px 0;">{{ .Value }}</td></tr>
{{ end -}}
{{ if .GeneratorURL }}<tr><td></td><td><a href="{{ .GeneratorURL }}">Source</a></td></tr>{{ end }}
</table>
{{- end }}
{{ define "email.default.html" -}}
<!DOCTYPE html>
<html>
<head><meta charset="utf-8"><title>{{ template "__subject" . }}</title></head>
<body style="margin: 0; padding: 16px; font-family: sans-serif; font-size: 14px; color: #1c2128;">
<h1 style="font-size: 18px; margin: 0 0 4px;">{{ len .Alerts }} alert{{ if gt (len .Alerts) 1 }}s{{ end }}{{ with .GroupLabels.SortedPairs }} for {{ range $index, $pair := . }}{{ if $index }}, {{ end }}{{ $pair.Name }}={{ $pair.Value }}{{ end }}{{ end }}</h1>
<p style="margin: 0 0 16px;"><a href="{{ template "__alertmanagerURL" . }}">View in {{ template "__alertmanager" . }}</a></p>
{{ with .Alerts.Firing }}<h2 style="font-size: 15px; color: #b3261e;">[{{ len . }}] Firing</h2>
{{ range . }}{{ template "__email_alert" . }}
{{ end }}{{ end -}}
{{ with .Alerts.Resolved }}<h2 style="font-size: 15px; color: #1a7f37;">[{{ len . }}] Resolved</h2>
{{ range . }}{{ template "__email_alert" . }}
{{ end }}{{ end -}}
<p style="color: #5b6470;"><a href="{{ .ExternalURL }}">Sent by {{ template "__alertmanager" . }}</a></p>
</body>
</html>
{{- end }}`;

function definition(name: string, body: string): string {
  return `{{ define "${name}" }}${body}{{ end }}`;
}

export const DEFAULT_TEMPLATES: string = [
  SHARED,
  SUBJECT,
  JIRA_PRIORITY,
  EMAIL,
  ...Object.entries(ALIASES).flatMap(([target, names]) =>
    names.map((name) => definition(name, `{{ template "${target}" . }}`)),
  ),
  ...EMPTY.map((name) => definition(name, '')),
  ...Object.entries(BODIES).map(([name, body]) => definition(name, body)),
].join('\n');
