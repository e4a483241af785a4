import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { isAbout, limitsSubject } from '../../approvals/limits-question.ts';
import { checkLimits, limitsOf } from '../../classification/check-limits.ts';
import { weighNamespace } from '../../classification/weigh-namespace.ts';
import type { Approval } from '../../model/approval.ts';
import type { NamespaceKey } from '../../model/namespace.ts';
import { claimedUser } from '../claimed-user.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import {
  limitCheckSchema,
  namespaceLimitsSchema,
  presentLimitCheck,
  presentLimits,
  type Weighed,
} from '../views/present-limits.ts';
import { ref, tenantName, wordFilter } from '../views/schema.ts';
import { byField, noParameters } from './id-parameter.ts';

/** The last questions about a namespace among which those about its limits are looked for. */
const RECENT = 50;
const MAX_RESOURCES = 100;

const nameParameter = Type.Object({
  name: Type.String({ pattern: '^[A-Za-z0-9._:-]{1,253}$', description: 'The name of a namespace.' }),
});
const where = {
  tenant: Type.Optional(tenantName),
  cluster: wordFilter('The cluster that it is in; needed where several have one of this name.'),
};
const checkBody = Type.Object(
  {
    ...where,
    asked: Type.Record(
      Type.String({ minLength: 1, maxLength: 253 }),
      Type.String({ minLength: 1, maxLength: 64 }),
      {
        minProperties: 1,
        maxProperties: MAX_RESOURCES,
        description: 'What it is to have, by resource, as Kubernetes writes quantities.',
      },
    ),
    request_approval: Type.Optional(
      Type.Boolean({
        description: 'Where a limit is breached, ask somebody. The same question is asked once.',
      }),
    ),
    by: Type.Optional(byField),
  },
  {
    additionalProperties: false,
    examples: [{ asked: { cpu: '4500m' }, request_approval: true, by: 'ada' }],
  },
);

interface Named {
  readonly name: string;
  readonly tenant?: string | undefined;
  readonly cluster?: string | undefined;
}

/** What namespaces may have (BR-AP-027); what is above a limit takes a person (C-38). */
export function namespaceLimitRoutes(services: Services): FastifyPluginAsyncTypebox {
  const { reader, now } = services;
  const tags = ['alerts'];

  async function weigh({ name, tenant, cluster }: Named): Promise<Weighed & { readonly key: NamespaceKey }> {
    const query = { namespace: name, state: 'active', limit: 2 } as const;
    const { items } = await reader.namespaces({
      ...query,
      ...(tenant === undefined ? {} : { tenant }),
      ...(cluster === undefined ? {} : { cluster }),
    });
    const [record, other] = items;
    if (other) {
      const detail = `There are several namespaces ${name}; say which by \`cluster\` and \`tenant\`.`;
      throw new Problem('invalid_parameter', detail, { field: 'cluster' });
    }
    const key = record ?? { tenant: tenant ?? 'default', cluster: cluster ?? '', namespace: name };
    const namespace = weighNamespace(services.settings(), key, record, now());
    return { key, namespace, isKnown: record !== undefined };
  }

  async function recentQuestions({ tenant, ...key }: NamespaceKey): Promise<readonly Approval[]> {
    const page = await reader.approvals({ tenant, subject: limitsSubject(key), limit: RECENT });
    return page.items.filter(({ action }) => action?.kind === 'exceed_limits');
  }

  return async (app) => {
    app.get(
      '/namespaces/:name/limits',
      {
        schema: {
          operationId: 'getNamespaceLimits',
          tags,
          summary: 'Show what a namespace may have',
          description:
            'By the first rule of `namespace_limits` that fits it and names the resource. A namespace that nobody has heard of is judged by its name.',
          params: nameParameter,
          querystring: Type.Object(where, { additionalProperties: false }),
          response: answers(ref(namespaceLimitsSchema), 400),
        },
      },
      async (request) => {
        const weighed = await weigh({ ...request.query, name: request.params.name });
        const settings = services.settings();
        const limits = limitsOf(settings.namespaceLimits ?? [], weighed.namespace);
        return presentLimits(weighed, limits, await recentQuestions(weighed.key), settings);
      },
    );

    app.post(
      '/namespaces/:name/limits/check',
      {
        schema: {
          operationId: 'checkNamespaceLimits',
          tags,
          summary: 'Ask whether a namespace may have this much',
          description:
            'Nothing is changed at the namespace. With `request_approval` a breach becomes an approval; who asks for the same later sees what came of it.',
          params: nameParameter,
          querystring: noParameters,
          body: checkBody,
          response: answers(ref(limitCheckSchema), 400, 409, 422, 503),
        },
      },
      async (request) => {
        const { asked, by, request_approval: isRequested = false, ...place } = request.body;
        const weighed = await weigh({ ...place, name: request.params.name });
        const settings = services.settings();
        const check = checkLimits(settings.namespaceLimits ?? [], weighed.namespace, asked);
        if (check.outcome === 'within') return presentLimitCheck(weighed, check, undefined, settings);
        if (isRequested) {
          const { tenant, cluster, namespace } = weighed.key;
          const who = claimedUser(request, by);
          const wish = { kind: 'request_limits', tenant, cluster, namespace, asked, by: who } as const;
          const result = await services.command(wish);
          if (!result.ok) throw new Problem(result.code, result.detail);
        }
        const approval = (await recentQuestions(weighed.key)).find(({ action }) => isAbout(action, asked));
        return presentLimitCheck(weighed, check, approval, settings);
      },
    );
  };
}
