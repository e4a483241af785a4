import type { Labels } from '../model/matcher.ts';
import type { NamespaceEvent, NamespaceNews, NamespaceRecord } from '../model/namespace.ts';

type NewsOfOne = Exclude<NamespaceNews, { readonly kind: 'listed' }>;

/** The environment of a namespace with these labels. */
export type EnvironmentOf = (facts: {
  readonly namespace: string;
  readonly cluster: string;
  readonly labels: Labels;
}) => string;

/**
 * What happened to a namespace, by what is heard of it and what is known: nothing when it is known already, so that several may tell the same
 * and tell it again. A life that ended and another that began unseen are two events.
 */
export function hearNamespace(
  news: NewsOfOne,
  record: NamespaceRecord | undefined,
  environmentOf: EnvironmentOf,
): readonly NamespaceEvent[] {
  const { tenant, cluster, namespace, by } = news;
  const key = { tenant, cluster, namespace, by };
  // What is seen now is not older than what was seen before, whatever the clocks of two nodes say.
  const at = Math.max(news.at, record?.changedAt ?? 0);
  const living = record?.state === 'active' ? record : undefined;
  switch (news.kind) {
    case 'classified':
      // Alerts come long after the end of what they are about, and know less of its labels than its cluster does.
      if (record && (!living || living.labels || living.classifiedAs === news.environment)) return [];
      return [{ ...key, kind: 'classified', at, environment: news.environment }];
    case 'present': {
      const { labels, uid } = news;
      const state = {
        ...key,
        labels,
        environment: environmentOf({ namespace, cluster, labels }),
        ...(uid === undefined ? {} : { uid }),
      };
      const createdAt = Math.max(news.createdAt ?? news.at, record?.changedAt ?? 0);
      if (!living) return [{ ...state, kind: 'created', at: createdAt }];
      if (uid !== undefined && living.uid !== undefined && living.uid !== uid)
        return [
          { ...key, kind: 'deleted', at: createdAt },
          { ...state, kind: 'created', at: createdAt },
        ];
      const isSame = living.classifiedAs === state.environment && isSameLabels(living.labels, labels);
      return isSame && (uid === undefined || living.uid === uid) ? [] : [{ ...state, kind: 'labelled', at }];
    }
    case 'deleted': {
      const isOther = news.uid !== undefined && living?.uid !== undefined && living.uid !== news.uid;
      if ((record && !living) || isOther) return [];
      return [{ ...key, kind: 'deleted', at: news.at }];
    }
    case 'promoted':
      return [
        { ...key, kind: 'promoted', at: news.at, environment: news.environment, promotion: news.promotion },
      ];
  }
}

function isSameLabels(left: Labels | undefined, right: Labels): boolean {
  if (!left) return false;
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}
