import { Fault, runProgram } from '@signalbox/sdk';
import { textAt, timeAt } from './dig.ts';
import { wrong, type ExecPlugin, type Login } from './kubeconfig.ts';

/** What a credential plugin handed out. */
export interface ExecCredential {
  readonly token?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Milliseconds since 1970; absent: until the cluster refuses it. */
  readonly expiresAt?: number;
}

export interface ExecOptions {
  /** Commands that may be run, as they stand in kubeconfigs. */
  readonly allowed: readonly string[];
  readonly passEnv: readonly string[];
  /** The cluster's authority in PEM, for plugins that want to know the cluster. */
  readonly ca: string | undefined;
  readonly signal: AbortSignal;
}

/** A plugin may ask a cloud; a person is not asked. */
const TIMEOUT_MS = 30_000;

/**
 * Runs the credential plugin of a kubeconfig and reads its answer
 * (https://kubernetes.io/docs/reference/config-api/client-authentication.v1/).
 *
 * @throws Fault `SB_CONFIG` when it is not allowed or can't run, `SB_AUTH` when it has no credentials, `SB_UNAVAILABLE` when it hangs
 */
export async function runPlugin(
  plugin: ExecPlugin,
  login: Login,
  options: ExecOptions,
): Promise<ExecCredential> {
  if (!options.allowed.includes(plugin.name)) {
    throw wrong(
      `it wants to run ${JSON.stringify(plugin.name)}, which exec_commands does not allow`,
      'config.exec_commands',
    );
  }
  const { exitCode, stdout } = await runProgram({
    command: plugin.command,
    args: plugin.args,
    env: { ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(execInfo(plugin, login, options.ca)) },
    passEnv: options.passEnv,
    timeoutMs: TIMEOUT_MS,
    signal: options.signal,
  });
  // What it printed is left out: it may be a part of the credentials.
  if (exitCode !== 0) {
    throw new Fault(
      'SB_AUTH',
      `The credential plugin ${plugin.name} failed with exit code ${exitCode}; run it by hand`,
    );
  }
  return readCredential(plugin, stdout);
}

function execInfo(plugin: ExecPlugin, login: Login, ca: string | undefined): object {
  const cluster = {
    server: login.server,
    ...(login.serverName === undefined ? {} : { 'tls-server-name': login.serverName }),
    ...(login.insecure ? { 'insecure-skip-tls-verify': true } : {}),
    ...(ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
  };
  return {
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(plugin.provideClusterInfo ? { cluster } : {}) },
  };
}

function readCredential({ apiVersion, name }: ExecPlugin, stdout: string): ExecCredential {
  const answer = parse(stdout);
  if (textAt(answer, 'kind') !== 'ExecCredential' || textAt(answer, 'apiVersion') !== apiVersion) {
    throw new Fault(
      'SB_AUTH',
      `The credential plugin ${name} did not print an ExecCredential of ${apiVersion}`,
    );
  }
  const token = textAt(answer, 'status', 'token');
  const cert = textAt(answer, 'status', 'clientCertificateData');
  const key = textAt(answer, 'status', 'clientKeyData');
  const expiresAt = timeAt(answer, 'status', 'expirationTimestamp');
  if (token === undefined && (cert === undefined || key === undefined)) {
    throw new Fault(
      'SB_AUTH',
      `The credential plugin ${name} printed neither a token nor a certificate with its key`,
    );
  }
  return {
    ...(token !== undefined && { token }),
    ...(cert !== undefined && key !== undefined && { cert, key }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
