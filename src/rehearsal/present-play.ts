import type { Play } from './play-payload.ts';

/** What became of a payload as JSON: times in RFC 3339. */
export function presentPlay(play: Play) {
  const { integration, events, alerts, timeline, isCut, messages, unknownEnrichments, holds } = play;
  return {
    integration,
    events,
    alerts,
    holds,
    unknown_enrichments: unknownEnrichments,
    timeline: timeline.map((entry) => ({ ...entry, at: rfc3339(entry.at) })),
    is_cut: isCut,
    messages: messages.map(({ at, contentType, ...message }) => ({
      ...message,
      at: rfc3339(at),
      content_type: contentType,
    })),
  };
}
export type PlayView = ReturnType<typeof presentPlay>;

function rfc3339(at: number): string {
  return new Date(at).toISOString();
}
