import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, ServerProcess } from '@secureconnect/embedded';
import { answersHttp } from '../support/answers-http.ts';
import { TemporaryFolder } from '../support/temporary-folder.ts';
import { childrenOf, cpuMs, residentBytes } from '../trees/process-cpu.ts';
import type { RunningSubject } from './running-subject.ts';

const startLimitMs = 10_000;

const settings = (port: number, upstream: string, folder: string): string => `
worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log ${folder}/access.log;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  upstream service { server ${upstream}; keepalive 64; }
  server {
    listen 127.0.0.1:${port};
    keepalive_requests 1000000;
    location / {
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
`;

/** nginx as a plain proxy with an access log and one worker. Rejects if it does not start. */
export async function startNginx(upstreamUrl: string): Promise<RunningSubject> {
  await using parts = new AsyncDisposableStack();
  const folder = parts.use(new TemporaryFolder());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const path = join(folder.path, 'nginx.conf');
  writeFileSync(path, settings(port, new URL(upstreamUrl).host, folder.path));
  const server = new ServerProcess('nginx', join(folder.path, 'log'), {
    command: ['nginx', '-p', folder.path, '-c', path],
    signal: 'SIGTERM',
  });
  parts.defer(() => server.stop('SIGTERM'));
  await server.waitUntilReady(() => answersHttp(url), startLimitMs);
  const processes = [server.pid, ...childrenOf(server.pid)];
  const sumOf = (figure: (pid: number) => number): number =>
    processes.reduce((sum, pid) => sum + figure(pid), 0);
  const owned = parts.move();
  return {
    url,
    usage: async () => ({
      cpuMicroseconds: sumOf(cpuMs) * 1000,
      memoryBytes: sumOf(residentBytes),
    }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
