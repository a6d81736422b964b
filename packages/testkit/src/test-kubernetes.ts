import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePorts } from '@secureconnect/embedded';
import {
  backendScriptsSkipReason,
  type OwnServer,
  startOwnServer,
  writtenEnvironment,
} from './own-server.ts';
import { backendScripts } from './sentinel-set.ts';

/** A Kubernetes API server, and its administrator. */
export interface KubernetesAddress {
  /** The path of an administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** The program kubectl. */
  readonly program: string;
}

/** A test's own API server and etcd; nothing runs in it. */
export interface TestKubernetes extends KubernetesAddress, OwnServer {}

/** Why tests with a Kubernetes API server are skipped; '' if they can run. */
export const kubernetesSkipReason =
  process.env['TEST_KUBERNETES'] || backendScripts()
    ? ''
    : ' (left out: set TEST_KUBERNETES or SECURECONNECT_BACKENDS)';

/** Why tests that kill it are skipped; '' if they can run. */
export const ownKubernetesSkipReason = backendScriptsSkipReason;

/**
 * The API server of the kubeconfig in `TEST_KUBERNETES`, with the kubectl in `KUBECTL` or PATH;
 * default: a test's own API server. Each test creates its own namespace in it.
 */
export async function sharedKubernetes(): Promise<KubernetesAddress & AsyncDisposable> {
  const kubeconfig = process.env['TEST_KUBERNETES'];
  if (!kubeconfig) return testKubernetes();
  const program = process.env['KUBECTL'] || 'kubectl';
  return { kubeconfig, program, [Symbol.asyncDispose]: async () => undefined };
}

/** Starts an API server on loopback by the script `kube-apiserver`, in about five seconds. */
export async function testKubernetes(): Promise<TestKubernetes> {
  // Its own port, and two of its etcd.
  const port = await freePorts(3);
  const server = await startOwnServer({
    script: 'kube-apiserver',
    folderOption: '--dir',
    startOptions: ['--port', String(port)],
    port,
    pidFiles: ['kube-apiserver.pid', 'etcd.pid'],
  });
  const written = await writtenEnvironment(join(server.folder, 'env'));
  const program = written.get('KUBECTL') ?? 'kubectl';
  return { ...server, program, kubeconfig: join(server.folder, 'kubeconfig') };
}

/** Runs kubectl and returns its output. Throws an Error with its error output. */
export async function kubectl(
  { program, kubeconfig }: KubernetesAddress,
  values: readonly string[],
  input = '',
): Promise<string> {
  const child = spawn(program, ['--kubeconfig', kubeconfig, ...values]);
  child.stdin.end(input);
  const [out, complaint, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (code === 0) return out;
  throw new Error(`kubectl ${values.join(' ')} failed: ${complaint}`);
}
