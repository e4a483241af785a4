import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, startProgram, waitUntil, waitUntilReady, type Program } from './program.ts';

/**
 * What a control plane is made of here: no kubelet and no scheduler, so pods are made and stay pending. The servers build with `go build` in a
 * module that requires `k8s.io/kubernetes` and `go.etcd.io/etcd/server/v3`, and replaces its staging modules by the published ones (`k8s.io/api` …
 * of the same minor version); some minutes on two cores.
 */
export const CLUSTER_PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl', 'openssl'];

const ADMIN_TOKEN = 'interop-admin-token-0042';
export const READER_TOKEN = 'interop-reader-token-0042';

export interface Cluster {
  /** A kubeconfig of the user `reader`, who has no rights yet. */
  readonly readerKubeconfig: string;
  /** Runs kubectl as an administrator; resolves with what it prints. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** Stops the API server and starts it again on the same data. */
  restartServer(): Promise<void>;
}

const run = promisify(execFile);

/** Starts a real control plane on loopback, with role-based access control and certificates of its own. */
export async function startCluster(folder: string, cleanup: AsyncDisposableStack): Promise<Cluster> {
  const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
  const home = join(folder, 'cluster');
  await mkdir(home);
  const key = join(home, 'sa.key');
  await run('openssl', ['genrsa', '-out', key, '2048']);
  const tokens = join(home, 'tokens.csv');
  await writeFile(tokens, `${ADMIN_TOKEN},admin,admin,"system:masters"\n${READER_TOKEN},reader,reader\n`);
  const etcd = startProgram('etcd', [
    `--data-dir=${join(home, 'etcd')}`,
    `--listen-client-urls=http://127.0.0.1:${etcdPort}`,
    `--advertise-client-urls=http://127.0.0.1:${etcdPort}`,
    `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
    '--unsafe-no-fsync',
  ]);
  cleanup.defer(async () => void (await etcd.stop()));
  await waitUntilReady(etcd, `http://127.0.0.1:${etcdPort}/health`);

  const kubeconfigOf = async (name: string, token: string) => {
    const path = join(home, `${name}.kubeconfig`);
    const cluster = {
      server: `https://127.0.0.1:${port}`,
      'certificate-authority': join(home, 'certs/apiserver.crt'),
    };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'interop',
      contexts: [{ name: 'interop', context: { cluster: 'interop', user: name } }],
      clusters: [{ name: 'interop', cluster }],
      users: [{ name, user: { token } }],
    };
    await writeFile(path, JSON.stringify(config));
    return path;
  };
  const admin = await kubeconfigOf('admin', ADMIN_TOKEN);
  const kubectl = async (...args: readonly string[]) =>
    (await run('kubectl', [`--kubeconfig=${admin}`, ...args])).stdout;

  async function startServer(): Promise<Program> {
    const server = startProgram('kube-apiserver', [
      `--etcd-servers=http://127.0.0.1:${etcdPort}`,
      `--secure-port=${port}`,
      '--bind-address=127.0.0.1',
      `--cert-dir=${join(home, 'certs')}`,
      `--service-account-key-file=${key}`,
      `--service-account-signing-key-file=${key}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--token-auth-file=${tokens}`,
      '--authorization-mode=RBAC',
      '--service-cluster-ip-range=10.0.0.0/24',
      // Without its controller no namespace has the service account that pods need.
      '--disable-admission-plugins=ServiceAccount',
      '--shutdown-delay-duration=0s',
    ]);
    await waitUntil(server, 'the API server is ready', () =>
      kubectl('get', '--raw', '/readyz').then(
        () => true,
        () => false,
      ),
    );
    return server;
  }

  let server = await startServer();
  cleanup.defer(async () => void (await server.stop()));
  const controllers = startProgram('kube-controller-manager', [
    `--kubeconfig=${admin}`,
    '--controllers=deployment-controller,replicaset-controller,namespace-controller',
    '--leader-elect=false',
    '--secure-port=0',
  ]);
  cleanup.defer(async () => void (await controllers.stop()));
  return {
    readerKubeconfig: await kubeconfigOf('reader', READER_TOKEN),
    kubectl,
    async restartServer() {
      await server.stop();
      server = await startServer();
    },
  };
}
