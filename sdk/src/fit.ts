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
 * As many alerts as fit, formatted: first without what was found and what changed, so that none is left out for the details of another, and then with
 * as many of these lines as there is room for, from the first alert on. `leftOutText` counts those that did not fit.
 *
 * @param fits Whether the channel takes these alerts together; asked at most nine times for each alert.
 */
export function fitAlerts<Formatted>(
  alerts: readonly AlertWording[],
  format: (alert: AlertWording) => Formatted,
  fits: (formatted: readonly Formatted[]) => boolean,
): readonly Formatted[] {
  const whole = alerts.map(format);
  if (fits(whole)) return whole;
  const brief = alerts.map((alert) => format({ ...alert, found: [] }));
  let shown: readonly Formatted[] = [];
  for (const each of brief) {
    if (!fits([...shown, each])) break;
    shown = [...shown, each];
  }
  for (const [index, alert] of alerts.slice(0, shown.length).entries()) {
    for (let count = alert.found.length; count > 0; count--) {
      const longer = shown.with(index, format({ ...alert, found: alert.found.slice(0, count) }));
      if (!fits(longer)) continue;
      shown = longer;
      break;
    }
  }
  return shown;
}
