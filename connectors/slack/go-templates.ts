import { goDefinitions, goTemplate, Type } from '@signalbox/sdk';

const field = Type.Object(
  {
    title: goTemplate('Heading of the field.', 'Cluster'),
    value: goTemplate('Text of the field.', '{{ .CommonLabels.cluster }}'),
    short: Type.Optional(
      Type.Boolean({
        description: 'Whether two such fields stand side by side; `short_fields` when it is left out.',
        examples: [true],
      }),
    ),
  },
  { additionalProperties: false },
);

const action = Type.Object(
  {
    type: goTemplate('Kind of the action.', 'button'),
    text: goTemplate('What stands on it.', 'Runbook'),
    url: goTemplate('Where it leads.', '{{ .CommonAnnotations.runbook_url }}'),
    style: goTemplate('`default`, `primary` or `danger`.', 'primary'),
    name: goTemplate('What Slack tells the app that gets the click.', 'runbook'),
    value: goTemplate('What Slack tells the app that gets the click.', '{{ .GroupLabels.alertname }}'),
    confirm: Type.Optional(
      Type.Object(
        {
          title: goTemplate('Heading of the question.', 'Sure?'),
          text: goTemplate('The question.', 'Are you sure?'),
          ok_text: goTemplate('What stands on the button that says yes.', 'Yes'),
          dismiss_text: goTemplate('What stands on the other one.', 'No'),
        },
        { additionalProperties: false, description: 'A question before it is done.' },
      ),
    ),
  },
  { additionalProperties: false },
);

/** The fields of Alertmanager's `slack_configs`, by its names. A field that is left out is empty. */
export const goTemplates = Type.Optional(
  Type.Object(
    {
      channel: goTemplate('The channel, in place of `channel`.', '#team-{{ .GroupLabels.team }}'),
      username: goTemplate('Who posts.', '{{ template "slack.default.username" . }}'),
      icon_emoji: goTemplate('The picture beside the name, as an emoji.', ':fire:'),
      icon_url: goTemplate('The picture beside the name, by its address.', 'https://example.org/bell.png'),
      message_text: goTemplate('The text above the attachment.', '<!here> {{ .Status }}'),
      color: goTemplate(
        'Colour of the bar: `good`, `warning`, `danger` or `#rrggbb`.',
        '{{ template "slack.default.color" . }}',
      ),
      title: goTemplate('Heading of the attachment.', '{{ template "slack.default.title" . }}'),
      title_link: goTemplate('Where the heading leads.', '{{ template "slack.default.titlelink" . }}'),
      pretext: goTemplate('What stands above the attachment.', '{{ template "slack.default.pretext" . }}'),
      text: goTemplate('The text of the attachment.', '{{ .CommonAnnotations.summary }}'),
      fallback: goTemplate('For notifications on a screen.', '{{ template "slack.default.fallback" . }}'),
      callback_id: goTemplate(
        'Names the attachment to the app that gets clicks.',
        '{{ template "slack.default.callbackid" . }}',
      ),
      footer: goTemplate('The small line below.', '{{ template "slack.default.footer" . }}'),
      image_url: goTemplate('Address of a picture below the text.', '{{ .CommonAnnotations.graph }}'),
      thumb_url: goTemplate('Address of a picture beside the text.', '{{ .CommonAnnotations.icon }}'),
      fields: Type.Array(field, { description: 'Small tables below the text.', default: [], maxItems: 100 }),
      short_fields: Type.Boolean({
        description: 'Whether two fields stand side by side.',
        default: false,
        examples: [true],
      }),
      actions: Type.Array(action, { description: 'Buttons.', default: [], maxItems: 5 }),
      link_names: Type.Boolean({
        description: 'Whether `@name` and `#channel` become links.',
        default: false,
        examples: [true],
      }),
      mrkdwn_in: Type.Array(Type.String({ minLength: 1, maxLength: 40 }), {
        description: 'Which parts are mrkdwn.',
        default: ['fallback', 'pretext', 'text'],
        maxItems: 20,
        examples: [['text']],
      }),
      definitions: goDefinitions(),
    },
    {
      additionalProperties: false,
      description:
        'The whole message in Go’s template language, with Alertmanager’s data and functions, as its `slack_configs` say it. Nothing is escaped.',
    },
  ),
);
