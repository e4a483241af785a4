/**
 * What machines made of an episode of an alert, in the background (BR-AP-016). No person has checked it, and everything that shows it says so.
 */
export interface Analysis {
  readonly machineMade: true;
  readonly summary?: string;
  readonly probableCause?: string;
  readonly runbook?: string;
  /** The integration that said so, and when its answer came. */
  readonly by?: string;
  readonly at?: number;
  /** Relevance from 0 to 1 by another system. A rule decides what it may do, and it never drops. */
  readonly score?: {
    readonly value: number;
    readonly why: string;
    readonly by: string;
    readonly at: number;
  };
}

/** What one integration has to say, on its way to the owner of the alert. */
export interface AnalysisNote {
  readonly kind: 'note_analysis';
  /** The one that it is about; of a later one it says nothing. */
  readonly episode: number;
  readonly analysis: Analysis;
}

export interface AnalysisCommand {
  readonly tenant: string;
  readonly fingerprint: string;
  readonly action: AnalysisNote;
}
