import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, type RequestTls } from '@signalbox/sdk';
import type { KubernetesConfig } from './config.ts';
import { compact } from './dig.ts';
import { runPlugin, type ExecCredential } from './exec-credential.ts';
import { folderOf, readKubeconfig, readServer, wrong, type Login, type Material } from './kubeconfig.ts';

/** What one request to a cluster needs. */
export interface Access {
  /** Without a trailing slash. */
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: the integration's `http.tls`. */
  readonly tls?: RequestTls;
}

export interface Credentials {
  /** Files are read again each time, so that what rotates is used; a plugin's token lives as long as it says. */
  access(signal: AbortSignal): Promise<Access>;
  /** The cluster answered 401: a plugin's token is not used again. */
  refused(): void;
}

/** A token is not used when it would expire on its way. */
const EXPIRY_MARGIN_MS = 30_000;

export interface Environment {
  /** The variables of the process: where the cluster is that the hub runs in. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The way into one cluster: by a kubeconfig, or by the service account of the pod that the hub runs in. */
export function createCredentials(config: KubernetesConfig, { env, now }: Environment): Credentials {
  let issued: ExecCredential | undefined;

  async function plugin(login: Login, ca: string | undefined, signal: AbortSignal) {
    if (login.exec === undefined) return undefined;
    const isFresh = issued !== undefined && (issued.expiresAt ?? Infinity) - EXPIRY_MARGIN_MS > now();
    if (isFresh) return issued;
    const { exec_commands: allowed, exec_env: passEnv } = config;
    issued = await runPlugin(login.exec, login, { allowed, passEnv, ca, signal });
    return issued;
  }

  return {
    async access(signal) {
      const login = await readLogin(config, env);
      if (login.insecure && !config.allow_insecure_tls) {
        throw wrong(
          'it skips the check of certificates; set allow_insecure_tls, or better give the authority',
        );
      }
      const [ca, ownToken, ownCert, ownKey] = await Promise.all(
        [login.ca, login.token, login.cert, login.key].map(readMaterial),
      );
      const handedOut = await plugin(login, ca, signal);
      const token = (handedOut?.token ?? ownToken)?.trim();
      if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
        throw new Fault(
          'SB_AUTH',
          'The token for the cluster is empty or holds characters that no token has',
        );
      }
      const tls: RequestTls = compact({
        ca: login.insecure ? undefined : ca,
        cert: handedOut?.cert ?? ownCert,
        key: handedOut?.key ?? ownKey,
        serverName: login.serverName,
        insecure: login.insecure ? true : undefined,
      });
      return {
        server: login.server,
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        ...(Object.keys(tls).length > 0 ? { tls } : {}),
      };
    },
    refused: () => (issued = undefined),
  };
}

async function readLogin(config: KubernetesConfig, env: Environment['env']): Promise<Login> {
  const { kubeconfig, kubeconfig_file: file, context } = config;
  if (kubeconfig !== undefined && file !== undefined) throw wrong('give `kubeconfig` or `kubeconfig_file`');
  if (kubeconfig === undefined && file === undefined) return inCluster(config.service_account_folder, env);
  const text = kubeconfig ?? (await readText(file!, 'config.kubeconfig_file'));
  // Loaded here, because only kubeconfigs need it.
  const { parse } = await import('yaml');
  let document: unknown;
  try {
    document = parse(text, { logLevel: 'error' });
  } catch {
    // The parser's message quotes the text around the fault.
    throw wrong('it is not YAML');
  }
  return readKubeconfig(document, {
    ...(context === undefined ? {} : { context }),
    ...(file === undefined ? {} : { folder: folderOf(file) }),
  });
}

/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api */
function inCluster(folder: string, env: Environment['env']): Login {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443';
  if (!host) {
    throw new Fault('SB_CONFIG', 'The hub does not run in a pod of Kubernetes; give kubeconfig_file', {
      field: 'config.kubeconfig_file',
    });
  }
  return {
    server: readServer(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
    insecure: false,
    ca: { file: join(folder, 'ca.crt') },
    token: { file: join(folder, 'token') },
  };
}

async function readMaterial(material: Material | undefined): Promise<string | undefined> {
  if (material === undefined) return undefined;
  return 'text' in material ? material.text : readText(material.file, 'config.kubeconfig_file');
}

async function readText(path: string, field: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new Fault('SB_CONFIG', `${path} can't be read (${code})`, { field, cause });
  }
}
