import { goDefinitions, goTemplate, Type } from '@signalbox/sdk';

const image = Type.Object(
  {
    src: goTemplate('Address of the picture, over HTTPS.', '{{ .CommonAnnotations.graph }}'),
    alt: goTemplate('Words for those who do not see it.', 'Graph'),
    href: goTemplate('Where a click on it leads.', '{{ .CommonAnnotations.dashboard_url }}'),
  },
  { additionalProperties: false },
);

const link = Type.Object(
  {
    href: goTemplate('Where it leads.', '{{ .CommonAnnotations.runbook_url }}'),
    text: goTemplate('What stands there.', 'Runbook'),
  },
  { additionalProperties: false },
);

/** The fields of Alertmanager's `pagerduty_configs`, by its names. A field that is left out is empty. */
export const goTemplates = Type.Optional(
  Type.Object(
    {
      description: goTemplate('The title.', '{{ template "pagerduty.default.description" . }}'),
      client: goTemplate('What shows as the sender.', '{{ template "pagerduty.default.client" . }}'),
      client_url: goTemplate(
        'Where the sender’s name leads.',
        '{{ template "pagerduty.default.clientURL" . }}',
      ),
      source: goTemplate('What is affected; otherwise `client`.', '{{ .CommonLabels.instance }}'),
      severity: goTemplate(
        '`critical`, `error`, `warning` or `info`; otherwise `error`.',
        '{{ .CommonLabels.severity }}',
      ),
      class: goTemplate('Kind of the event.', '{{ .GroupLabels.alertname }}'),
      component: goTemplate('Part of the source that is to blame.', '{{ .CommonLabels.job }}'),
      group: goTemplate('What the source belongs to.', '{{ .CommonLabels.cluster }}'),
      details: Type.Record(Type.String(), Type.Unknown(), {
        description: 'Details of the event: a structure whose texts are templates.',
        default: {},
        examples: [{ firing: '{{ template "pagerduty.default.instances" .Alerts.Firing }}' }],
      }),
      images: Type.Array(image, { description: 'Pictures.', default: [], maxItems: 20 }),
      links: Type.Array(link, { description: 'Links.', default: [], maxItems: 20 }),
      definitions: goDefinitions(),
    },
    {
      additionalProperties: false,
      description:
        'The whole event in Go’s template language, with Alertmanager’s data and functions, as its `pagerduty_configs` say it. The event then has Alertmanager’s deduplication key as well.',
    },
  ),
);
