import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { configOf } from '../../test/fakes/kubernetes-watching.ts';
import { KINDS } from './kinds.ts';

test('the manifest grants to read what is watched, and nothing else', () => {
  const text = readFileSync(new URL('rbac.yaml', import.meta.url), 'utf8');
  const documents = parseAllDocuments(text).map((document) => document.toJS() as Record<string, any>);
  const role = documents.find(({ kind }) => kind === 'ClusterRole');
  const granted = (role!['rules'] as { apiGroups: string[]; resources: string[]; verbs: string[] }[]).flatMap(
    ({ apiGroups, resources, verbs }) => {
      assert.deepEqual(verbs, ['get', 'list', 'watch']);
      return resources.map((resource) => `${apiGroups.join()}/${resource}`);
    },
  );
  const needed = configOf({}).kinds.map((name) => {
    const { api, plural } = KINDS[name];
    return `${api === 'api/v1' ? '' : api.split('/')[1]}/${plural}`;
  });
  assert.deepEqual(granted.toSorted(), needed.toSorted());
});

const SPEC = new URL('../../../shared/specs/kubernetes/kubernetes.swagger.json', import.meta.url);
const withoutSpec = existsSync(SPEC) ? false : 'shared/specs/kubernetes is not there';

test(
  'every list that is asked for is in the description of the API, with the parameters that are sent',
  { skip: withoutSpec },
  () => {
    const spec = JSON.parse(readFileSync(SPEC, 'utf8')) as Record<string, any>;
    const nameOf = ({ $ref, name }: { $ref?: string; name?: string }) =>
      name ?? spec['parameters'][$ref!.split('/').at(-1)!].name;
    for (const { api, plural, namespaced } of Object.values(KINDS)) {
      for (const path of [
        `/${api}/${plural}`,
        ...(namespaced ? [`/${api}/namespaces/{namespace}/${plural}`] : []),
      ]) {
        const found = spec['paths'][path];
        assert.ok(found?.get, path);
        const parameters = [...(found.parameters ?? []), ...(found.get.parameters ?? [])].map(nameOf);
        for (const name of [
          'limit',
          'continue',
          'watch',
          'allowWatchBookmarks',
          'resourceVersion',
          'timeoutSeconds',
          'fieldSelector',
        ]) {
          assert.ok(parameters.includes(name), `${path} has no ${name}`);
        }
      }
    }
  },
);

const FIXTURES = new URL('../../../shared/fixtures/kubernetes/', import.meta.url);
const withoutFixtures = existsSync(FIXTURES) ? false : 'shared/fixtures/kubernetes is not there';

test('objects of real clusters are understood', { skip: withoutFixtures }, () => {
  const keep = (kind: keyof typeof KINDS, file: string) => {
    const object = JSON.parse(readFileSync(new URL(file, FIXTURES), 'utf8')) as unknown;
    return KINDS[kind].keep(object, { annotations: [] }) as Record<string, any> | undefined;
  };
  assert.equal(keep('Deployment', 'dp.json')?.['revision'], '1');
  assert.deepEqual(keep('Deployment', 'dp.json')?.['replicas'], {
    desired: 1,
    ready: 1,
    available: 1,
    updated: 1,
  });
  assert.deepEqual(keep('ReplicaSet', 'rs.json')?.['template'].images, { 'icx-db': 'postgres:9.2-alpine' });
  assert.equal(keep('Event', 'ev.json')?.['about'].name, 'hello-1567197780-mn4mv');
  assert.equal(keep('Namespace', 'ns.json')?.['phase'], 'Active');
  assert.ok(keep('Node', 'no.json')?.['conditions'].length > 0);
  assert.ok(keep('Pod', 'po.json')?.['containers'].length > 0);
  assert.ok(keep('Job', 'job.json'));
  assert.ok(keep('ConfigMap', 'cm.json'));
});
