import { Fault, type Assessment } from '@signalbox/sdk';

/**
 * What the model said, out of a chat completion. https://developers.openai.com/api/reference/resources/chat
 *
 * @throws Fault `SB_REJECTED` when the model refused or was cut off, `SB_UNAVAILABLE` when the answer has not the shape it should have
 */
export function readAnswer(body: unknown): Assessment {
  const choice = fieldsOf(listOf(fieldsOf(body).choices)[0]);
  const message = fieldsOf(choice.message);
  const reason = choice.finish_reason;
  if (isText(message.refusal) || reason === 'content_filter') {
    throw new Fault('SB_REJECTED', 'the model refused to answer');
  }
  if (reason === 'length') {
    const field = 'config.max_answer_tokens';
    throw new Fault('SB_REJECTED', 'the answer was cut off; raise max_answer_tokens', { field });
  }
  if (!isText(message.content)) throw wrong('it is empty');
  const { summary, probable_cause, runbook } = fieldsOf(parse(message.content));
  if (!isText(summary)) throw wrong('it has no summary');
  return {
    summary,
    ...(isText(probable_cause) ? { probableCause: probable_cause } : {}),
    ...(isText(runbook) ? { runbook } : {}),
  };
}

/** Models that know no JSON mode like to put a fence around it. */
function parse(content: string): unknown {
  const bare = content.replace(/^\s*```(?:json)?\s*\n/, '').replace(/\n\s*```\s*$/, '');
  try {
    return JSON.parse(bare);
  } catch {
    // The text may repeat what was asked, so it is not quoted.
    throw wrong('it is no JSON');
  }
}

function wrong(why: string): Fault {
  return new Fault('SB_UNAVAILABLE', `the model’s answer can’t be used: ${why}`);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('it has another shape');
  return value as Readonly<Record<string, unknown>>;
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong('it has another shape');
  return value;
}
