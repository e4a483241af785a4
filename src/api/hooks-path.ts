/** The webhooks are answered by the intake, not by the API; here they are only described (design section 5). */
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

const later = {
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', examples: [5] } },
};

export const hooksPath = {
  '/hooks/{integration}': {
    post: {
      operationId: 'postSignal',
      tags: ['signals'],
      summary: 'Hand a signal in',
      description:
        'Takes whatever the integration’s connector reads; answers after the signal is on disk. Authentication is the integration’s own.',
      security: [],
      parameters: [
        {
          name: 'integration',
          in: 'path',
          required: true,
          description: 'Its id; other paths may be configured.',
          schema: { type: 'string', examples: ['prom'] },
        },
      ],
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: {} },
          'application/xml': { schema: { type: 'string' } },
          'application/yaml': { schema: { type: 'string' } },
          'application/x-www-form-urlencoded': { schema: { type: 'object' } },
          'application/cloudevents+json': { schema: { type: 'object' } },
        },
      },
      responses: {
        202: {
          description: 'The signal is on disk.',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['receipt', 'status_url'],
                properties: {
                  receipt: { type: 'string', examples: ['0193f0c2a4b1c93e5f00112233445566-3-1042'] },
                  status_url: {
                    type: 'string',
                    description: 'Where to ask what became of it.',
                    examples: ['/api/v1/receipts/0193f0c2a4b1c93e5f00112233445566-3-1042'],
                  },
                },
              },
            },
          },
        },
        400: problem('Malformed.'),
        401: problem('Not authenticated.'),
        403: problem('Not allowed.'),
        404: problem('No integration listens here.'),
        413: problem('Too large.'),
        415: problem('The media type or the encoding is not read here.'),
        422: problem(
          'Well-formed, but of the wrong shape; `field` names the path. The signal is quarantined.',
        ),
        429: { ...problem('Too many requests.'), headers: later },
        503: { ...problem('The disk refuses or is full. Nothing was taken; repeat it.'), headers: later },
      },
    },
  },
} as const;
