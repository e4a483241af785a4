import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCOPES, scopeOf } from '../../model/scope.ts';
import { StaleIncident } from '../port.ts';
import { openBoth, type CreatePlace } from './place.ts';
import { T0, sampleAlert, sampleIncident, sampleIncidentMember } from './samples.ts';

/** Incidents, their members, and what wakes them. */
export function incidentTests(createPlace: CreatePlace): void {
  test('an incident comes back as saved, and a version that was not read is refused with all else', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const first = sampleIncident('i', { assignee: 'kim', dueAt: T0 + 9 });
    await store.commit({ incidents: [first] });
    assert.deepEqual(await store.incidents(['missing', 'i']), [first]);
    const second = { ...first, version: 2, title: 'second' };
    await store.commit({ incidents: [second] });
    const late = store.commit({
      incidents: [{ ...first, version: 2, title: 'late' }],
      alerts: [sampleAlert('a')],
    });
    await assert.rejects(late, StaleIncident);
    assert.deepEqual(await reader.incident('i'), second);
    assert.equal(await reader.alert('default', 'a'), undefined);
  });

  test('the changes of incidents and approvals come in order and without any other, and an incident names its alerts', async (t) => {
    const { store } = await openBoth(t, createPlace);
    const change = (kind: 'incident' | 'approval' | 'alert', id: string) =>
      ({ at: T0, tenant: 'default', kind, id, status: 'open' }) as const;
    await store.commit({ changes: [change('incident', 'i'), change('alert', 'a'), change('approval', 'p')] });
    await store.commit({ changes: [change('incident', 'j')] });
    const all = await store.changesToAnnounce(0, 10);
    assert.deepEqual(
      all.map(({ kind, id }) => `${kind} ${id}`),
      ['incident i', 'approval p', 'incident j'],
    );
    assert.deepEqual(await store.changesToAnnounce(all[0]!.seq, 1), [all[1]]);
    assert.deepEqual(await store.changesToAnnounce(all[2]!.seq, 10), []);

    await store.commit({
      alerts: [sampleAlert('a')],
      incidents: [sampleIncident('i')],
      incidentMembers: [sampleIncidentMember('i', 'a'), sampleIncidentMember('i', 'gone')],
    });
    const named = await store.incidentAlerts('i', 10);
    assert.deepEqual(
      named.map(({ member, alert }) => [member.fingerprint, alert?.fingerprint]),
      [
        ['gone', undefined],
        ['a', 'a'],
      ],
    );
    assert.equal((await store.incidentAlerts('i', 1)).length, 1);
  });

  test('the live incidents of a scope: those that changed last, none that is closed', async (t) => {
    const { store } = await openBoth(t, createPlace);
    await store.commit({
      incidents: [
        sampleIncident('old', { changedAt: T0 - 9 }),
        sampleIncident('new', { status: 'resolved', resolvedAt: T0 }),
        sampleIncident('closed', { status: 'closed', closedAt: T0 }),
        sampleIncident('elsewhere', { scopeId: 'other' }),
      ],
    });
    const ids = async (limit: number) =>
      (await store.liveIncidents(['scope', 'nowhere'], limit)).map(({ id }) => id);
    assert.deepEqual(await ids(10), ['new', 'old']);
    assert.deepEqual(await ids(1), ['new']);
  });

  test('incidents are due by their time and scope', async (t) => {
    const { store } = await openBoth(t, createPlace);
    const scope = scopeOf('scope');
    const others = Array.from({ length: SCOPES }, (_, other) => other).filter((other) => other !== scope);
    await store.commit({
      incidents: [
        sampleIncident('late', { dueAt: T0 + 20 }),
        sampleIncident('early', { dueAt: T0 + 10 }),
        sampleIncident('future', { dueAt: T0 + 21 }),
        sampleIncident('never'),
      ],
    });
    const ids = async (scopes?: readonly number[]) =>
      (await store.dueIncidents(T0 + 20, 10, scopes)).map(({ id }) => id);
    assert.deepEqual(await ids(), ['early', 'late']);
    assert.deepEqual(await ids([scope]), ['early', 'late']);
    assert.deepEqual(await ids(others), []);
    assert.equal(await store.nextIncidentDue(), T0 + 10);
    assert.equal(await store.nextIncidentDue(others), Infinity);
  });

  test('wakes come in order, by scope, until they are done', async (t) => {
    const { store } = await openBoth(t, createPlace);
    const wake = (scopeId: string, fingerprint: string) => ({
      scopeId,
      tenant: 'default',
      rule: 'by-cluster',
      fingerprint,
    });
    await store.commit({ correlationWakes: [wake('s1', 'a'), wake('s2', 'b'), wake('s1', 'c')] });
    const all = await store.correlationWakes(10);
    assert.deepEqual(
      all.map(({ id: _, ...row }) => row),
      [wake('s1', 'a'), wake('s2', 'b'), wake('s1', 'c')],
    );
    const own = await store.correlationWakes(10, [scopeOf('s1')]);
    assert.ok(own.every(({ scopeId }) => scopeOf(scopeId) === scopeOf('s1')));
    await store.commit({ correlationDone: [all[0]!.id, all[2]!.id] });
    assert.deepEqual(await store.correlationWakes(10), [all[1]]);
  });

  test('an alert finds its incidents that are not closed, newest first', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({
      incidents: [sampleIncident('first')],
      incidentMembers: [sampleIncidentMember('first', 'a')],
    });
    await store.commit({
      incidents: [sampleIncident('second'), sampleIncident('over', { status: 'closed', closedAt: T0 })],
      incidentMembers: [
        sampleIncidentMember('second', 'a'),
        sampleIncidentMember('second', 'a', { status: 'resolved' }),
        sampleIncidentMember('over', 'a'),
        sampleIncidentMember('over', 'b'),
        sampleIncidentMember('second', 'a', { tenant: 'other', fingerprint: 'c' }),
      ],
    });
    const keys = ['a', 'b', 'missing'].map((fingerprint) => ({ tenant: 'default', fingerprint }));
    const found = await store.memberships(keys);
    assert.deepEqual(
      found.map(({ member, incident }) => [member.fingerprint, member.status, incident.id]),
      [
        ['a', 'resolved', 'second'],
        ['a', 'firing', 'first'],
      ],
    );
    const ids = (await reader.incidentsOf('default', 'a', 10)).map(({ id }) => id);
    assert.deepEqual(new Set(ids), new Set(['first', 'second', 'over']));
    assert.equal(ids.at(-1), 'first');
    assert.equal((await reader.incidentsOf('default', 'a', 1)).length, 1);
  });

  test('a merge takes all members over, and one that both have fires when it fires in one', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({
      alerts: [sampleAlert('a')],
      incidents: ['x', 'y', 'z'].map((id) => sampleIncident(id)),
      incidentMembers: [
        sampleIncidentMember('x', 'a'),
        sampleIncidentMember('x', 'b', { status: 'resolved' }),
        sampleIncidentMember('y', 'b'),
      ],
      incidentMerges: [
        { from: 'x', to: 'y' },
        { from: 'y', to: 'z' },
      ],
    });
    assert.deepEqual((await reader.incidentAlerts('x', { limit: 10 })).items, []);
    assert.deepEqual((await reader.incidentAlerts('y', { limit: 10 })).items, []);
    const { items } = await reader.incidentAlerts('z', { limit: 10 });
    assert.deepEqual(
      items
        .map(({ member, alert }) => [member.fingerprint, member.status, alert?.fingerprint])
        .toSorted((left, right) => (left[0]! < right[0]! ? -1 : 1)),
      [
        ['a', 'firing', 'a'],
        ['b', 'firing', undefined],
      ],
    );
  });

  test('incidents are listed newest first, filtered, page by page, and so are their alerts', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const samples = [
      sampleIncident('a'),
      sampleIncident('b', { status: 'closed', closedAt: T0 }),
      sampleIncident('c', { tenant: 'other' }),
      sampleIncident('d', { severity: 'warning', assignee: 'kim' }),
    ];
    for (const incident of samples) await store.commit({ incidents: [incident] });
    const ids = async (query: Omit<Parameters<typeof reader.incidents>[0], 'limit'>) => {
      const seen: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await reader.incidents({
          ...query,
          limit: 1,
          ...(cursor === undefined ? {} : { cursor }),
        });
        seen.push(...page.items.map(({ id }) => id));
        if (page.next === undefined) return seen;
        cursor = page.next;
      }
    };
    assert.deepEqual(await ids({}), ['d', 'c', 'b', 'a']);
    assert.deepEqual(await ids({ status: ['open', 'acknowledged'] }), ['d', 'c', 'a']);
    assert.deepEqual(await ids({ status: ['closed'] }), ['b']);
    assert.deepEqual(await ids({ tenant: 'other' }), ['c']);
    assert.deepEqual(await ids({ severity: 'warning' }), ['d']);
    assert.deepEqual(await ids({ assignee: 'kim' }), ['d']);
    for (const fingerprint of ['1', '2', '3'])
      await store.commit({ incidentMembers: [sampleIncidentMember('a', fingerprint)] });
    const first = await reader.incidentAlerts('a', { limit: 2 });
    const rest = await reader.incidentAlerts('a', { limit: 2, cursor: first.next! });
    assert.deepEqual(
      [...first.items, ...rest.items].map(({ member }) => member.fingerprint),
      ['3', '2', '1'],
    );
    assert.equal(rest.next, undefined);
  });

  test('an incident that expires takes its members along, and one that is open stays', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({
      incidents: [sampleIncident('open'), sampleIncident('closed', { status: 'closed', closedAt: T0 })],
      incidentMembers: [sampleIncidentMember('open', 'a'), sampleIncidentMember('closed', 'a')],
    });
    assert.equal(await store.expire('incidents', T0 + 1, 10), 1);
    assert.deepEqual(
      (await reader.incidentsOf('default', 'a', 10)).map(({ id }) => id),
      ['open'],
    );
    assert.deepEqual((await reader.incidentAlerts('closed', { limit: 10 })).items, []);
  });
}
