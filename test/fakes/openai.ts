import { startFakeServer, type FakeAnswer, type FakeServer } from '@signalbox/sdk/testing';

/** One question as the model sees it. */
export interface Question {
  readonly authorization: string;
  readonly model: string;
  /** All messages together. */
  readonly text: string;
}

export interface FakeOpenai {
  readonly baseUrl: string;
  readonly questions: readonly Question[];
  /** Asks the model from now on. */
  answerWith(answer: FakeAnswer | ((question: Question) => object)): void;
  close(): Promise<void>;
}

/** A server that speaks chat completions; a function gives the JSON that the model writes. */
export async function startFakeOpenai(): Promise<FakeOpenai> {
  const questions: Question[] = [];
  let answer: FakeAnswer | ((question: Question) => object) = () => ({ summary: 'Something is wrong.' });
  const server: FakeServer = await startFakeServer(({ path, headers, body }) => {
    if (path === '/v1/models') return { body: { object: 'list', data: [] } };
    if (path !== '/v1/chat/completions') return { status: 404, body: { error: { message: 'Not found' } } };
    const { model, messages } = body as { model: string; messages: { content: string }[] };
    const text = messages.map(({ content }) => content).join('\n');
    const question = { authorization: headers.authorization ?? '', model, text };
    questions.push(question);
    return typeof answer === 'function' ? completion(model, answer(question)) : answer;
  });
  return {
    baseUrl: `${server.url}/v1`,
    questions,
    answerWith: (next) => void (answer = next),
    close: server.close,
  };
}

function completion(model: string, said: object): FakeAnswer {
  const message = { role: 'assistant', content: JSON.stringify(said), refusal: null };
  return {
    body: {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1_767_225_600,
      model,
      choices: [{ index: 0, message, finish_reason: 'stop' }],
    },
  };
}
