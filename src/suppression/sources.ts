import { serviceKeyOf } from '../correlation/dependency.ts';
import type { InhibitorKey } from '../model/inhibition.ts';
import type { Labels } from '../model/matcher.ts';
import type { Settings } from '../model/settings.ts';
import { inhibitionOf } from './inhibition.ts';

/** Where firing alerts stand as reasons to hold others: as sources of inhibition rules, and as alerts of a service that others depend on. */
export interface Sources {
  keysOf(labels: Labels): readonly InhibitorKey[];
  readonly isEmpty: boolean;
  /** Changes when what `keysOf` says changes. */
  readonly signature: string;
}

export function sourcesOf({ inhibitRules, topology }: Pick<Settings, 'inhibitRules' | 'topology'>): Sources {
  const inhibition = inhibitionOf(inhibitRules);
  if (!topology?.suppress) return inhibition;
  return {
    keysOf(labels) {
      const key = serviceKeyOf(labels, topology);
      const keys = inhibition.keysOf(labels);
      return key === undefined ? keys : [...keys, { key, twoSided: false }];
    },
    isEmpty: false,
    signature: `${inhibition.signature}/${topology.label}`,
  };
}
