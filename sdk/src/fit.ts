import type { AlertWording } from './wording.ts';

// How words are made to fit a channel's limits without a cut through a mark: what is too much is left out whole, the least important first.

/**
 * The pieces that fit into `room` together, from the first on. One that is too long for what is left is passed over, and shorter ones after it stay.
 *
 * @example
 * fitting(['a', 'long one', 'b'], 6, (text) => text.length + 1); // ['a', 'b']
 */
export function fitting<Piece>(
  pieces: readonly Piece[],
  room: number,
  lengthOf: (piece: Piece) => number,
): readonly Piece[] {
  let left = room;
  return pieces.filter((piece) => {
    const length = lengthOf(piece);
    if (length > left) return false;
    left -= length;
    return true;
  });
}

/**
 * As many alerts as fit, formatted. First all of them in brief, so that none is left out for the details of another; then, from the first on, with their
 * descriptions and what is known of them; and then with as many of the lines about what was found and what changed as there is room for.
 * `leftOutText` counts the alerts that did not fit.
 *
 * @param fits Whether the channel takes these alerts together; asked at most ten times for each alert.
 */
export function fitAlerts<Formatted>(
  alerts: readonly AlertWording[],
  format: (alert: AlertWording) => Formatted,
  fits: (formatted: readonly Formatted[]) => boolean,
): readonly Formatted[] {
  const whole = alerts.map(format);
  if (fits(whole)) return whole;
  let shown: readonly Formatted[] = [];
  for (const alert of alerts) {
    const longer = [...shown, format({ ...alert, description: '', known: [], found: [] })];
    if (!fits(longer)) break;
    shown = longer;
  }
  const hasRoomFor = (index: number, alert: AlertWording): boolean => {
    const longer = shown.with(index, format(alert));
    const hasRoom = fits(longer);
    if (hasRoom) shown = longer;
    return hasRoom;
  };
  const told = [...alerts.slice(0, shown.length).entries()].filter(([index, alert]) =>
    hasRoomFor(index, { ...alert, found: [] }),
  );
  for (const [index, alert] of told) {
    let count = alert.found.length;
    while (count > 0 && !hasRoomFor(index, { ...alert, found: alert.found.slice(0, count) })) count--;
  }
  return shown;
}
