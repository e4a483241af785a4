import { secret, Type, type Static } from '@signalbox/sdk';

export const config = Type.Object({
  base_url: Type.String({
    description: 'The address of the API up to and with its version.',
    pattern: '^https?://[^/{}?#\\s@]+(/[^?#\\s]*)?$',
    maxLength: 500,
    default: 'https://api.openai.com/v1',
    examples: ['http://llm.internal:8000/v1'],
  }),
  api_key: Type.Optional(
    secret({
      description: 'Sent as `Authorization: Bearer …`. A server of your own may need none.',
      examples: ['${env:OPENAI_API_KEY}'],
    }),
  ),
  model: Type.String({
    description: 'The name of the model, as the API knows it.',
    minLength: 1,
    maxLength: 200,
    examples: ['gpt-5-mini'],
  }),
  language: Type.String({
    description: 'The language of the answers, in words.',
    maxLength: 50,
    default: 'English',
    examples: ['German'],
  }),
  answer_format: Type.Unsafe<'json_schema' | 'json_object' | 'none'>({
    enum: ['json_schema', 'json_object', 'none'],
    description:
      'How the API is told to answer with JSON: `json_schema` (structured outputs), `json_object` (JSON mode), or `none` for servers that know neither. Answers are checked in any case.',
    default: 'json_schema',
  }),
  max_answer_tokens: Type.Integer({
    description: 'How long an answer may be, in tokens; a model that reasons needs more.',
    minimum: 100,
    maximum: 32_000,
    default: 1_500,
  }),
  max_tokens_field: Type.Unsafe<'max_completion_tokens' | 'max_tokens'>({
    enum: ['max_completion_tokens', 'max_tokens'],
    description:
      'By which name that limit is sent: `max_tokens` is the old one, which some servers still want.',
    default: 'max_completion_tokens',
  }),
  max_prompt_characters: Type.Integer({
    description: 'How much is said of one alert at most; what is over it is cut.',
    minimum: 1_000,
    maximum: 100_000,
    default: 12_000,
  }),
});

export type OpenaiConfig = Static<typeof config>;
