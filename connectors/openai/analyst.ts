import type { Analyst } from '@signalbox/sdk';
import { readAnswer } from './answer.ts';
import type { OpenaiConfig } from './config.ts';
import { headersOf } from './headers.ts';
import { composeRequest } from './prompt.ts';

export const analyst: Analyst<OpenaiConfig> = {
  limits: { concurrency: 2 },

  async analyse(subject, { config, http }) {
    const answer = await http.request({
      method: 'POST',
      url: `${config.base_url.replace(/\/$/, '')}/chat/completions`,
      headers: headersOf(config),
      body: composeRequest(subject, config),
      answerBytes: 256 * 1024,
    });
    return readAnswer(answer.json());
  },
};
