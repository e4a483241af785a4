import type { Settings } from '../model/settings.ts';
import type { Silence } from '../model/silence.ts';

/** Whether the hub has alerts of its own to raise by the clock: then a rehearsal has to look from time to time. */
export function hasDuties(settings: Settings, silences: readonly Silence[]): boolean {
  const windows = [...settings.maintenanceWindows, ...silences];
  return (
    settings.storm !== undefined ||
    Object.values(settings.integrations).some(({ endpoint }) => endpoint?.heartbeatMs !== undefined) ||
    windows.some(({ announce }) => announce === true) ||
    (settings.silences.expiryNoticeMs > 0 && silences.length > 0)
  );
}
