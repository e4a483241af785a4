import { dirname, isAbsolute, join } from 'node:path';
import { Fault } from '@signalbox/sdk';
import { dig, isTrueAt, listAt, textAt } from './dig.ts';

/** A text that stands in the kubeconfig, or the file that holds it. */
export type Material = { readonly text: string } | { readonly file: string };

/** What one context of a kubeconfig says: the cluster and how to log in. */
export interface Login {
  readonly server: string;
  readonly ca?: Material;
  readonly serverName?: string;
  readonly insecure: boolean;
  readonly token?: Material;
  readonly cert?: Material;
  readonly key?: Material;
  readonly exec?: ExecPlugin;
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
export interface ExecPlugin {
  readonly apiVersion: string;
  /** As written; shown to people and compared with what is allowed. */
  readonly name: string;
  /** What is started: a relative path is taken from the kubeconfig's folder. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly provideClusterInfo: boolean;
}

export interface KubeconfigOptions {
  readonly context?: string;
  /** The folder that relative paths start from; none for a kubeconfig that is not a file. */
  readonly folder?: string;
}

const EXEC_VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
/** Ways to log in that would be left out in silence otherwise, so that the hub came as somebody else. */
const UNSUPPORTED = ['auth-provider', 'username', 'password', 'as', 'as-uid', 'as-groups', 'as-user-extra'];

/**
 * Reads a kubeconfig that was parsed from YAML or JSON (https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/). Pure.
 *
 * @throws Fault `SB_CONFIG` with what is missing or not supported; never with a value that may be secret
 */
export function readKubeconfig(document: unknown, options: KubeconfigOptions): Login {
  const name = options.context ?? textAt(document, 'current-context');
  if (name === undefined) throw wrong('it has no current-context; give `context`', 'config.context');
  const context = named(document, 'contexts', name, 'context');
  const cluster = named(document, 'clusters', textAt(context, 'cluster'), 'cluster');
  const userName = textAt(context, 'user');
  const user = userName === undefined ? {} : named(document, 'users', userName, 'user');

  for (const field of UNSUPPORTED) {
    if (dig(user, field) !== undefined) throw wrong(`${field} of its user is not supported`);
  }
  if (textAt(cluster, 'proxy-url') !== undefined) {
    throw wrong('its proxy-url is not used; set http.proxy of the integration and remove it');
  }
  const material = (from: unknown, inline: string, file: string): Material | undefined => {
    const data = textAt(from, inline);
    if (data !== undefined) return { text: inline.endsWith('-data') ? decode(data, inline) : data };
    const path = textAt(from, file);
    return path === undefined ? undefined : { file: resolve(path, options.folder) };
  };
  const ca = material(cluster, 'certificate-authority-data', 'certificate-authority');
  const cert = material(user, 'client-certificate-data', 'client-certificate');
  const key = material(user, 'client-key-data', 'client-key');
  // The file of a token goes before the token: it is the one that rotates.
  const token = material(user, 'no-such-field', 'tokenFile') ?? material(user, 'token', 'no-such-field');
  const exec = readExec(dig(user, 'exec'), options.folder);
  if ((cert === undefined) !== (key === undefined)) {
    throw wrong('its user has a client certificate without a key, or the other way around');
  }
  const serverName = textAt(cluster, 'tls-server-name');
  return {
    server: readServer(textAt(cluster, 'server')),
    insecure: isTrueAt(cluster, 'insecure-skip-tls-verify'),
    ...(ca && { ca }),
    ...(serverName !== undefined && { serverName }),
    ...(token && { token }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(exec && { exec }),
  };
}

/** Credentials go over plain HTTP to this machine only, as with `kubectl proxy`. */
export function readServer(server: string | undefined): string {
  const url = URL.parse(server ?? '');
  if (!url || !/^https?:$/.test(url.protocol))
    throw wrong('its cluster has no server that is an https:// address');
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'http:' && !isLocal) throw wrong('its server must be an https:// address');
  if (url.username !== '' || url.password !== '') throw wrong('its server carries credentials');
  return url.href.replace(/\/+$/, '');
}

function named(document: unknown, list: string, name: string | undefined, field: string): unknown {
  const entry = listAt(document, list).find((candidate) => dig(candidate, 'name') === name);
  const found = dig(entry, field);
  if (name !== undefined && typeof found === 'object' && found !== null) return found;
  throw wrong(`it has no ${field} ${JSON.stringify(name ?? '')} in ${list}`);
}

function readExec(value: unknown, folder: string | undefined): ExecPlugin | undefined {
  if (value === undefined || value === null) return undefined;
  const name = textAt(value, 'command');
  const apiVersion = textAt(value, 'apiVersion') ?? '';
  if (name === undefined) throw wrong('its exec has no command');
  if (!EXEC_VERSIONS.includes(apiVersion)) {
    throw wrong(`its exec must be of ${EXEC_VERSIONS.join(' or ')}; renew the kubeconfig`);
  }
  if (textAt(value, 'interactiveMode') === 'Always') {
    throw wrong('its exec wants a person at a terminal (interactiveMode: Always)');
  }
  const env = listAt(value, 'env').map((entry) => [
    textAt(entry, 'name') ?? '',
    textAt(entry, 'value') ?? '',
  ]);
  return {
    apiVersion,
    name,
    command: /[/\\]/.test(name) ? resolve(name, folder) : name,
    args: listAt(value, 'args').map(String),
    env: Object.fromEntries(env) as Record<string, string>,
    provideClusterInfo: isTrueAt(value, 'provideClusterInfo'),
  };
}

function resolve(path: string, folder: string | undefined): string {
  if (isAbsolute(path)) return path;
  if (folder === undefined)
    throw wrong('it names a relative path, and is no file itself; give absolute paths');
  return join(folder, path);
}

/** The folder that the relative paths of a kubeconfig start from. */
export function folderOf(kubeconfigFile: string): string {
  return dirname(kubeconfigFile);
}

function decode(data: string, field: string): string {
  const text = Buffer.from(data, 'base64').toString();
  if (text.includes('-----BEGIN')) return text;
  throw wrong(`its ${field} is not PEM in base64`);
}

export function wrong(what: string, field = 'config.kubeconfig_file'): Fault {
  return new Fault('SB_CONFIG', `The kubeconfig can't be used: ${what}`, { field });
}
