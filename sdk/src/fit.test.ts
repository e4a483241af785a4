import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fitAlerts, fitting } from './fit.ts';
import { sampleAlert, sampleNotification } from './testing/sample-notification.ts';
import { wordingOf, type AlertWording } from './wording.ts';

const [SAMPLE] = wordingOf(sampleNotification({ alerts: [sampleAlert()] }), { maxAlerts: 1 }).alerts;

function alertWith(heading: string, ...found: readonly string[]): AlertWording {
  return { ...SAMPLE!, heading, found };
}

const format = ({ heading, description, found }: AlertWording): string =>
  [heading, description, ...found].filter((line) => line !== '').join('\n');
const within = (room: number) => (texts: readonly string[]) => texts.join('\n').length <= room;

test('pieces are passed over whole where they are too long', () => {
  const length = (text: string): number => text.length;
  assert.deepEqual(fitting(['aa', 'bbbbbb', 'cc', 'd'], 4, length), ['aa', 'cc']);
  assert.deepEqual(fitting([], 4, length), []);
});

test('details are left out first, from the last alert on, and then whole alerts', () => {
  const alerts = [alertWith('A', 'a1', 'a2'), alertWith('B', 'b1')];
  const shown = (room: number): readonly string[] => fitAlerts(alerts, format, within(room));
  assert.deepEqual(shown(12), ['A\na1\na2', 'B\nb1']);
  assert.deepEqual(shown(11), ['A\na1\na2', 'B']);
  assert.deepEqual(shown(8), ['A\na1', 'B']);
  assert.deepEqual(shown(5), ['A', 'B']);
  assert.deepEqual(shown(2), ['A']);
  assert.deepEqual(shown(0), []);
});

test('the description of an alert gives way to other alerts, and comes before the details of any', () => {
  const alerts = [alertWith('A', 'a1'), alertWith('B')].map((alert) => ({ ...alert, description: 'd' }));
  const shown = (room: number): readonly string[] => fitAlerts(alerts, format, within(room));
  assert.deepEqual(shown(10), ['A\nd\na1', 'B\nd']);
  assert.deepEqual(shown(9), ['A\nd', 'B\nd']);
  assert.deepEqual(shown(5), ['A\nd', 'B']);
  assert.deepEqual(shown(4), ['A', 'B']);
});

test('what is shown fits, and no alert is left out for a line of another', () => {
  const alert = fc
    .tuple(
      fc.string({ minLength: 1, maxLength: 9 }),
      fc.array(fc.string({ minLength: 1, maxLength: 9 }), { maxLength: 7 }),
    )
    .map(([heading, found]) => alertWith(heading, ...found));
  fc.assert(
    fc.property(fc.array(alert, { maxLength: 6 }), fc.nat(120), (alerts, room) => {
      let asked = 0;
      const shown = fitAlerts(alerts, format, (texts) => {
        asked++;
        return within(room)(texts);
      });
      assert.ok(within(room)(shown));
      assert.ok(asked <= 1 + 9 * alerts.length, String(asked));
      const headings = alerts.map(({ heading }) => heading);
      assert.equal(within(room)(headings.slice(0, shown.length + 1)), shown.length === alerts.length);
    }),
  );
});
