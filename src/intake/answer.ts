import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@signalbox/sdk';
import { formatReceipt } from '../model/receipt.ts';
import type { Position } from '../model/position.ts';
import type { AccessLog } from './access-log.ts';
import { clientAddress, plainAddress, type AddressSet } from './allow.ts';
import type { PreparedEndpoint } from './endpoint.ts';
import type { MediaType } from './media-type.ts';
import { createIsoTime } from './iso-time.ts';
import type { IntakeMetrics, Tally } from './metrics.ts';
import { PROBLEMS, problem, type Problem } from './problem.ts';
import { sendNothing, sendProblem, sendReceipt, sendText } from './respond.ts';

/** One request on its way through the steps of `receive.ts`. */
export interface Exchange {
  readonly endpoint: PreparedEndpoint;
  readonly path: string;
  readonly search: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly tally: Tally;
  readonly startedAt: number;
  readonly requestId: string;
  /** Known once the head is admitted. */
  mediaType: MediaType | undefined;
  /** Of the body as received; they are held until the request is answered. */
  bodyBytes: number;
  isSettled: boolean;
}

export interface AnswerParts {
  /** How people reach this server, without a slash at the end. */
  readonly externalURL: string;
  readonly now: () => number;
  readonly newRequestId: () => string;
  readonly log: Logger;
  readonly metrics: IntakeMetrics;
  readonly accessLog: AccessLog | undefined;
  /** Undefined: no proxy is trusted. */
  readonly isTrustedProxy: AddressSet | undefined;
}

/** Opens exchanges and settles each of them once: with a receipt, with a problem, or because the client went away. */
export interface Answers {
  open(
    endpoint: PreparedEndpoint,
    path: string,
    search: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Exchange;
  accept(exchange: Exchange, signal: string, position: Position): void;
  refuse(exchange: Exchange, found: Problem): void;
  /** Refuses, but says where the signal is kept. */
  quarantined(exchange: Exchange, found: Problem, signal: string, position: Position): void;
  /** For a bug of ours: the log gets all of it, the sender a correlation id and the advice to repeat. */
  fail(exchange: Exchange, thrown: unknown): void;
  gone(exchange: Exchange): void;
  logError(exchange: Exchange, message: string, thrown: unknown): void;
  addressOf(request: IncomingMessage): string | undefined;
  inFlight(): number;
  /** Resolves as soon as nothing is in flight. */
  settled(): Promise<void>;
}

export function createAnswers(parts: AnswerParts, release: (bytes: number) => void): Answers {
  const { now, accessLog, isTrustedProxy } = parts;
  const isoTime = createIsoTime();
  const waiting: (() => void)[] = [];
  let inFlight = 0;

  function settle(exchange: Exchange, status: number, outcome: string): void {
    const { tally, request, bodyBytes, startedAt } = exchange;
    const at = now();
    exchange.isSettled = true;
    inFlight--;
    release(bodyBytes);
    tally.bodyBytes += bodyBytes;
    if (status === 202) parts.metrics.acknowledged((at - startedAt) / 1000);
    else tally.refused.set(outcome, (tally.refused.get(outcome) ?? 0) + 1);
    accessLog?.write({
      time: isoTime(at),
      integration: exchange.endpoint.integration,
      method: request.method!,
      path: exchange.path,
      remote: addressOf(request),
      status,
      bodyBytes,
      durationMs: at - startedAt,
      outcome,
      requestId: exchange.requestId,
    });
    if (inFlight > 0) return;
    for (const resolve of waiting.splice(0)) resolve();
  }

  function refuseWith(exchange: Exchange, found: Problem, receipt: string | undefined): void {
    const { request, response, path, requestId, tally } = exchange;
    const { status } = PROBLEMS[found.code];
    const context = { correlationId: requestId, instance: path };
    if (status === 401 || found.code === 'certificate_not_allowed') tally.unproven++;
    const kept = receipt === undefined ? {} : { receipt, statusUrl: statusUrlOf(receipt) };
    if (exchange.endpoint.clientPaths.has(path)) sendText(request, response, found, requestId);
    else sendProblem(request, response, found, { ...context, ...kept });
    settle(exchange, status, found.code);
  }

  function logError(exchange: Exchange, message: string, thrown: unknown): void {
    parts.log.error(message, {
      correlation_id: exchange.requestId,
      integration: exchange.endpoint.integration,
      error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
    });
  }

  function addressOf(request: IncomingMessage): string | undefined {
    return isTrustedProxy
      ? clientAddress(request, isTrustedProxy)
      : plainAddress(request.socket.remoteAddress);
  }

  function statusUrlOf(receipt: string): string {
    return `${parts.externalURL}/api/v1/receipts/${receipt}`;
  }

  return {
    open(endpoint, path, search, request, response) {
      const tally = parts.metrics.of(endpoint.integration);
      tally.requests++;
      inFlight++;
      return {
        endpoint,
        path,
        search,
        request,
        response,
        tally,
        startedAt: now(),
        requestId: parts.newRequestId(),
        mediaType: undefined,
        bodyBytes: 0,
        isSettled: false,
      };
    },
    accept(exchange, signal, position) {
      const receipt = formatReceipt(signal, position);
      exchange.tally.accepted++;
      if (exchange.endpoint.clientPaths.has(exchange.path)) sendNothing(exchange.response);
      else sendReceipt(exchange.response, receipt, statusUrlOf(receipt));
      settle(exchange, 202, 'accepted');
    },
    refuse: (exchange, found) => refuseWith(exchange, found, undefined),
    quarantined(exchange, found, signal, position) {
      exchange.tally.quarantined++;
      refuseWith(exchange, found, formatReceipt(signal, position));
    },
    fail(exchange, thrown) {
      logError(exchange, 'a request could not be handled', thrown);
      if (exchange.isSettled) return;
      const found = problem('internal', 'The request could not be handled; send it again later.');
      refuseWith(exchange, found, undefined);
    },
    gone: (exchange) => settle(exchange, 0, 'gone'),
    logError,
    addressOf,
    inFlight: () => inFlight,
    async settled() {
      if (inFlight > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}
