import type { IncomingMessage } from 'node:http';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Logger } from '@signalbox/sdk';
import { watchMethods } from './allowed-methods.ts';
import { authoriseApi, callerOf, refuseCrossOrigin, refuseCrossSite } from './authorise.ts';
import { compileValidators } from './compile-validators.ts';
import { compressLargeAnswers } from './compress.ts';
import { correlationId, CORRELATION_HEADER } from './correlation-id.ts';
import { errorText } from '../lib/error-text.ts';
import type { ApiMetrics } from './metrics.ts';
import { PROBLEM_MEDIA_TYPE, presentProblem, Problem, problemHeaders } from './problem.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import type { Services } from './services.ts';
import { toProblem } from './to-problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered without a token; the route itself decides what it tells to whom. Without this mark a route is closed. */
    access?: 'public';
    /**
     * Whether a page of another site is told by what the browser says of it alone, and not by its `Origin`: for the clients of Alertmanager that
     * pass requests of their own pages on, headers included. What changes something there takes JSON or DELETE, for which a browser asks first.
     */
    origin?: 'passed-on';
  }
}

export interface ServerParts {
  readonly log: Logger;
  readonly newId: () => string;
  readonly metrics?: ApiMetrics;
}

const BODY_LIMIT_BYTES = 1024 * 1024;
/** Longer than the longest call that an answer waits for. */
const ANSWER_TIMEOUT_MS = 30_000;

/**
 * A Fastify without routes that answers safely: closed unless a route says otherwise, problem details for every error, strict
 * validation. It never listens; the application's own server hands requests over.
 */
export function createServer(services: Services, { log, newId, metrics }: ServerParts): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    handlerTimeout: ANSWER_TIMEOUT_MS,
    routerOptions: { maxParamLength: 128 },
    genReqId: (request: IncomingMessage) => correlationId(request.headers, newId),
    // As a factory, because a compiler that is set is replaced by Fastify's own in every plugin that adds a schema.
    schemaController: {
      compilersFactory: { buildValidator: compileValidators, buildSerializer: plainSerializers },
    },
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply, log),
  });
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler<FastifyError>((error, request, reply) => sendProblem(error, request, reply, log));
  const allowedMethods = watchMethods(app);
  app.setNotFoundHandler((request, reply) => {
    const allowed = allowedMethods(request.url.split('?', 1)[0]!);
    if (allowed.length === 0) throw new Problem('not_found', 'Nothing answers at this address.');
    void reply.header('allow', allowed.join(', '));
    throw new Problem('method_not_allowed', `Send ${allowed.join(' or ')} here.`);
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS).header(CORRELATION_HEADER, request.id);
    const { apiTokens, externalURL } = services.settings().server;
    const isOpen = request.routeOptions.config.access === 'public';
    const refusal =
      (isOpen ? undefined : authoriseApi(callerOf(request.raw), apiTokens)) ??
      (isReading(request.method)
        ? undefined
        : request.routeOptions.config.origin === 'passed-on'
          ? refuseCrossSite(request.raw)
          : refuseCrossOrigin(request.raw, externalURL));
    if (refusal) throw refusal;
  });
  app.addHook('onSend', compressLargeAnswers);
  app.addHook('onResponse', async (request, reply) => {
    const { method, id } = request;
    const route = request.routeOptions.url ?? 'unmatched';
    metrics?.answered(method, route, reply.statusCode, reply.elapsedTime / 1000);
    if (services.settings().server.accessLog) {
      const ms = Math.round(reply.elapsedTime * 10) / 10;
      log.info('api request', { method, route, status: reply.statusCode, ms, correlation_id: id });
    }
  });
  return app;
}

/** The presenters decide what goes out; compiling a serializer for every status of every route would be half of the start-up. */
function plainSerializers(): () => (body: unknown) => string {
  return () => JSON.stringify;
}

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function sendProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger): void {
  const problem = toProblem(thrown);
  if (problem.status >= 500) {
    const facts = {
      code: problem.code,
      method: request.method,
      route: request.routeOptions.url,
      correlation_id: request.id,
    };
    if (problem.code === 'internal')
      log.error('an api request failed', { ...facts, error: errorText(thrown) });
    else log.warn('an api request could not be answered', { ...facts, detail: problem.message });
  }
  void reply
    .code(problem.status)
    .headers({ ...SECURITY_HEADERS, [CORRELATION_HEADER]: request.id, ...problemHeaders(problem) })
    .type(PROBLEM_MEDIA_TYPE)
    // Without it Fastify adds a charset, which the media type does not have.
    .serializer(JSON.stringify)
    .send(presentProblem(problem, request.id));
}
