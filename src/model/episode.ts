import type { Alert, Episode } from './alert.ts';

/** An alert that flaps must not grow without bound. */
export const MAX_EPISODES = 10;

/** The newest episode of an alert that has resolved. */
export function episodeOf({ episode, startsAt, endsAt, changedAt, occurrences, severity }: Alert): Episode {
  return { episode, startsAt, endsAt: endsAt ?? changedAt, occurrences, severity };
}

/** What a re-fire remembers, oldest first. */
export function withEpisode(past: readonly Episode[] | undefined, next: Episode): readonly Episode[] {
  return [...(past ?? []), next].slice(-MAX_EPISODES);
}
