import { family, type Family, type Sample } from './families.ts';

export const INTAKE_SOURCES = ['signalbox_intake_alerts_total', 'signalbox_intake_signals_total'] as const;

/** Alerts that came in by whatever way; Alertmanager has one. */
export function intakeFamilies(samples: readonly Sample[]): readonly Family[] {
  const sum = (name: string, label: string, value: string): number =>
    samples
      .filter((sample) => sample.name === name && sample.labels[label] === value)
      .reduce((total, sample) => total + sample.value, 0);
  const version = 'v2';
  const invalid = sum('signalbox_intake_signals_total', 'outcome', 'quarantined');
  const of = (status: string): number => sum('signalbox_intake_alerts_total', 'status', status);
  // What is invalid has been received as well, as there.
  const received = [
    [{ status: 'firing', version }, of('firing') + invalid],
    [{ status: 'resolved', version }, of('resolved')],
  ] as const;
  return [
    family('alerts_received_total', 'counter', 'Alerts that were received.', received),
    family('alerts_invalid_total', 'counter', 'Requests with an alert in them that could not be taken.', [
      [{ version }, invalid],
    ]),
  ];
}
