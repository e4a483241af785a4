import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AlertData } from '@signalbox/sdk';
import { RecordTooLarge, type Journal, type NewRecord } from '../journal/port.ts';
import type { Position } from '../model/position.ts';
import { createAnswers, type AnswerParts, type Exchange } from './answer.ts';
import type { Verdict } from './auth/check.ts';
import { createBodyReader, tooLarge } from './body.ts';
import type { PreparedEndpoint } from './endpoint.ts';
import { encodingOf, inflateBody, refuseEncoding } from './inflate.ts';
import { createIsoTime } from './iso-time.ts';
import { parseMediaType } from './media-type.ts';
import { problem, type Problem } from './problem.ts';
import { buildRecords, quarantineRecord, type SignalFacts } from './records.ts';
import { understand } from './understand.ts';

export interface ReceiverParts extends AnswerParts {
  readonly journal: Journal;
  readonly newId: () => string;
  /** Bytes of bodies that may be held at once. */
  readonly maxHeldBytes: number;
  /** Called after every durable append. */
  readonly onAppended: () => void;
}

export interface Receiver {
  /** Answers the request sooner or later, whatever happens. */
  receive(
    endpoint: PreparedEndpoint,
    path: string,
    search: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): void;
  inFlight(): number;
  /** Refuses what comes from now on; resolves when everything before is answered. */
  drain(): Promise<void>;
}

/**
 * The way of a request, in reading order: prove → admit → body → verify → take → append → answer. Each step either goes on or
 * refuses; nothing waits except for the network, the disk, and the inflation of a compressed body.
 */
export function createReceiver(parts: ReceiverParts): Receiver {
  const isoTime = createIsoTime();
  const reader = createBodyReader(parts.now, parts.maxHeldBytes);
  const answers = createAnswers(parts, reader.release);
  const { refuse, fail } = answers;
  let isDraining = false;

  /** Everything that the head of the request alone can be refused for, before its credentials are looked at. */
  function prove(exchange: Exchange): void {
    const { endpoint, request, startedAt } = exchange;
    if (isDraining) return refuse(exchange, problem('shutting_down', 'The server is stopping; send again.'));
    const misplaced = endpoint.refuseSource?.(request, answers.addressOf(request));
    if (misplaced) return refuse(exchange, misplaced);
    if (request.method !== 'POST') {
      return refuse(exchange, problem('method_not_allowed', 'Signals are sent with POST.'));
    }
    const verdict = endpoint.authenticator.head(request, startedAt);
    if (!(verdict instanceof Promise)) return admit(exchange, verdict);
    verdict.then((settled) => admit(exchange, settled)).catch((thrown: unknown) => fail(exchange, thrown));
  }

  function admit(exchange: Exchange, verdict: Verdict): void {
    const { endpoint, request } = exchange;
    const { limits } = endpoint.settings;
    const headers = request.headers;
    if (verdict) return refuse(exchange, verdict);
    if (!endpoint.authenticator.body && isLimited(exchange)) return;

    const mediaType = parseMediaType(headers['content-type']);
    if (!mediaType || !endpoint.takesMediaType(mediaType)) return refuse(exchange, endpoint.wrongMediaType);
    exchange.mediaType = mediaType;
    const strange = refuseEncoding(encodingOf(headers['content-encoding']));
    if (strange) return refuse(exchange, strange);
    if (Number(headers['content-length']) > limits.bodyBytes)
      return refuse(exchange, tooLarge(limits.bodyBytes));

    reader.read(request, limits, exchange.startedAt, {
      arrived: (body) => verify(exchange, body),
      refused: (found) => refuse(exchange, found),
      gone: () => answers.gone(exchange),
    });
  }

  function verify(exchange: Exchange, body: Buffer): void {
    const { endpoint, request, startedAt } = exchange;
    try {
      exchange.bodyBytes = body.length;
      if (endpoint.authenticator.body) {
        const verdict = endpoint.authenticator.body(request, body, startedAt);
        if (verdict) return refuse(exchange, verdict);
        // Only now, so that nobody can use up a sender's share without its secret.
        if (isLimited(exchange)) return;
      }
      const encoding = encodingOf(request.headers['content-encoding']);
      if (encoding === undefined) return take(exchange, body, body);
      inflateBody(body, encoding, endpoint.settings.limits.inflatedBytes)
        .then((inflated) => {
          if ('value' in inflated) take(exchange, body, inflated.value);
          else quarantine(exchange, body, factsOf(exchange, body), inflated.problem);
        })
        .catch((thrown: unknown) => fail(exchange, thrown));
    } catch (thrown) {
      fail(exchange, thrown);
    }
  }

  function take(exchange: Exchange, received: Buffer, body: Buffer): void {
    const { endpoint, request, path, search } = exchange;
    const facts = factsOf(exchange, received);
    const headers = endpoint.keptHeaders(request.headers);
    const arrival = { method: 'POST', path, search, mediaType: exchange.mediaType!, headers, body };
    const understood = understand(endpoint, arrival, new Date(facts.at));
    if ('problem' in understood) {
      if ('bug' in understood) {
        answers.logError(exchange, 'a source failed on a signal, which is quarantined', understood.bug);
      }
      return quarantine(exchange, received, facts, understood.problem, understood.taken);
    }
    const { alerts, namespaces, deliveryId } = understood;
    for (const { status } of alerts) exchange.tally[status]++;
    const known = deliveryId === undefined ? facts : { ...facts, deliveryId };
    append(exchange, buildRecords(endpoint, known, alerts, headers, namespaces), (position) =>
      answers.accept(exchange, facts.signal, position),
    );
  }

  /**
   * The sender learns what is wrong; the signal is kept, so that nothing is lost by a mapping that is not right yet. What could be read of it goes
   * on.
   */
  function quarantine(
    exchange: Exchange,
    received: Buffer,
    facts: SignalFacts,
    found: Problem,
    taken: readonly AlertData[] = [],
  ): void {
    const { endpoint, request, path, search } = exchange;
    if (found.code === 'body_too_large') return refuse(exchange, found);
    const encoding = encodingOf(request.headers['content-encoding']);
    const kept = endpoint.keptHeaders(request.headers);
    const record = quarantineRecord(endpoint, facts, found, {
      method: 'POST',
      path: search === '' ? path : `${path}?${search}`,
      contentType: request.headers['content-type'] ?? '',
      headers: encoding === undefined ? kept : { ...kept, 'content-encoding': encoding },
      body: received.toString('base64'),
    });
    for (const { status } of taken) exchange.tally[status]++;
    const rest = taken.length === 0 ? [] : buildRecords(endpoint, facts, taken, kept);
    append(exchange, [record, ...rest], (position) =>
      answers.quarantined(exchange, found, facts.signal, position),
    );
  }

  function append(
    exchange: Exchange,
    records: readonly NewRecord[],
    answer: (first: Position) => void,
  ): void {
    parts.journal
      .append(records)
      .then(
        (positions) => {
          answer(positions[0]!);
          parts.onAppended();
        },
        (thrown: unknown) => refuseAppend(exchange, thrown),
      )
      .catch((thrown: unknown) => fail(exchange, thrown));
  }

  function refuseAppend(exchange: Exchange, thrown: unknown): void {
    if (thrown instanceof RecordTooLarge) {
      // Answered now and not lost later: a broker would refuse it however often it came.
      return refuse(exchange, problem('body_too_large', `${thrown.message}. Send fewer alerts at once.`));
    }
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    if (code !== 'journal_full' && code !== 'journal_unavailable') return fail(exchange, thrown);
    if (code === 'journal_unavailable') answers.logError(exchange, 'the journal refused a signal', thrown);
    refuse(exchange, problem(code, 'The signal was not taken; send it again later.'));
  }

  function isLimited(exchange: Exchange): boolean {
    const retryAfterMs = exchange.endpoint.takeToken(exchange.startedAt);
    if (retryAfterMs === 0) return false;
    const found = problem('rate_limited', 'The endpoint takes fewer requests per second; send again later.');
    refuse(exchange, { ...found, retryAfterMs });
    return true;
  }

  function factsOf(exchange: Exchange, received: Buffer): SignalFacts {
    const { endpoint, startedAt, requestId } = exchange;
    return {
      signal: parts.newId(),
      integration: endpoint.integration,
      tenant: endpoint.tenant,
      receivedAt: isoTime(startedAt),
      hash: hash('sha256', received, 'base64url'),
      requestId,
      at: startedAt,
    };
  }

  return {
    receive(endpoint, path, search, request, response) {
      const exchange = answers.open(endpoint, path, search, request, response);
      try {
        prove(exchange);
      } catch (thrown) {
        fail(exchange, thrown);
      }
    },
    inFlight: answers.inFlight,
    async drain() {
      isDraining = true;
      await answers.settled();
      parts.accessLog?.flush();
    },
  };
}
