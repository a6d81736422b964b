import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificatesSkipReason, makeCertificates } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { readCluster } from '../src/signals/kubernetes/cluster.ts';
import { openKubernetesApi } from '../src/signals/kubernetes/kubernetes-api.ts';

/** Prints a credential that does not expire: the number of its runs, which it counts in a file. */
const printing = `
fs.appendFileSync(process.env.RUNS, 'x');
const token = String(fs.readFileSync(process.env.RUNS).length);
console.log(JSON.stringify({ kind: 'ExecCredential', status: { token } }));`;

it.skipIf(certificatesSkipReason)(
  'runs the command of a kubeconfig again when the API server refuses what it printed',
  async () => {
    await using stack = new AsyncDisposableStack();
    const { ca, server: own } = stack.use(await makeCertificates());
    const folder = mkdtempSync(join(tmpdir(), 'secureconnect-kubeconfig-'));
    stack.defer(() => rmSync(folder, { recursive: true }));
    const runs = join(folder, 'runs');
    let accepted = 'Bearer 1';
    const files = { cert: readFileSync(own.cert), key: readFileSync(own.key) };
    const server = createServer(files, ({ headers: { authorization } }, response) => {
      response.writeHead(authorization === accepted ? 200 : 401).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stack.defer(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const kubeconfig = join(folder, 'kubeconfig');
    const env = [{ name: 'RUNS', value: runs }];
    const exec = { command: process.execPath, args: ['--eval', printing], env };
    const content = {
      clusters: [
        {
          name: 'c',
          cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority': ca },
        },
      ],
      users: [{ name: 'u', user: { exec } }],
      contexts: [{ name: 'n', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'n',
    };
    writeFileSync(kubeconfig, JSON.stringify(content));
    const api = openKubernetesApi(await readCluster(kubeconfig), 15_000);
    stack.defer(() => api.close());
    const call = () => api.within(15_000)({ method: 'GET', path: '/version' });
    const hasRun = () => readFileSync(runs, 'utf8').length;

    await Promise.all([call(), call()]);
    expect(hasRun()).toBe(1);
    accepted = 'Bearer 2';
    const refused = await Promise.allSettled([call(), call()]);
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await Promise.all([call(), call()]);
    expect(hasRun()).toBe(2);
  },
);
