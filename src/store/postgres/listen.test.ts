import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test } from 'node:test';
import { sampleAlert, sampleChange, sampleDelivery, sampleWake } from '../suite/samples.ts';
import { listenForCommits, NEWS, newsOf, type CommitNews } from './listen.ts';
import { openPostgresStore } from './store.ts';
import { openSession, withPostgres } from './testing/with-postgres.ts';

test('the news of a commit name what others wait for', () => {
  assert.equal(newsOf({ alerts: [sampleAlert('a')], wakes: [] }), '');
  assert.equal(newsOf({ wakes: [sampleWake('g', 'a')], changes: [sampleChange('a')] }), 'wakes,changes');
  assert.equal(newsOf({ moves: [{ id: 'd', from: 'pending', to: 'sending' }] }), 'deliveries');
  assert.equal(newsOf({ revision: { id: 'r', at: 1, document: '{}' } }), 'revision');
});

await withPostgres('news of commits', (server) => {
  test('[BR-SCALE-001] a commit of another node is heard of, and after an interruption everything is', async (t) => {
    const url = await server.newDatabase();
    const store = await openPostgresStore({ url });
    const session = await openSession(server.url);
    const heard = new EventEmitter();
    const next = async (what: 'news' | 'trouble') => (await once(heard, what))[0] as unknown;
    const connected = next('news');
    const listener = listenForCommits({
      url,
      applicationName: 'listener',
      retryMs: 10,
      onChange: (news: ReadonlySet<CommitNews>) => heard.emit('news', [...news]),
      onTrouble: (error) => heard.emit('trouble', error.message),
    });
    t.after(async () => {
      await listener.close();
      await session.close();
      await store.close();
    });
    assert.deepEqual(await connected, [...NEWS]);

    const told = next('news');
    await store.commit({ alerts: [sampleAlert('a')] });
    await store.commit({ wakes: [sampleWake('g', 'a')], deliveries: [sampleDelivery('d')] });
    assert.deepEqual(await told, ['wakes', 'deliveries']);

    const trouble = next('trouble');
    const again = next('news');
    await session.sql.all(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'listener'`,
    );
    assert.match((await trouble) as string, /terminat/);
    assert.deepEqual(await again, [...NEWS]);
    const later = next('news');
    await store.commit({ changes: [sampleChange('a')] });
    assert.deepEqual(await later, ['changes']);
  });
});
