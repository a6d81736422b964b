import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@secureconnect/embedded';
import { TemporaryFolder } from '../support/temporary-folder.ts';
import { childrenOf, cpuMs } from '../trees/process-cpu.ts';
import type { RunningSubject } from './running-subject.ts';

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
  const path = join(folder.path, 'nginx.conf');
  writeFileSync(path, settings(port, new URL(upstreamUrl).host, folder.path));
  const child = spawn('nginx', ['-p', folder.path, '-c', path], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  parts.defer(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  await untilListening(port, ended);
  const { pid = Number.NaN } = child;
  const owned = parts.move();
  return {
    url: `http://127.0.0.1:${port}`,
    cpuMicroseconds: async () =>
      [pid, ...childrenOf(pid)].reduce((sum, one) => sum + cpuMs(one) * 1000, 0),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function untilListening(port: number, ended: Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    const opened = once(socket, 'connect').then(
      () => true,
      () => false,
    );
    const isOpen = await Promise.race([opened, ended.then(() => undefined)]);
    socket.destroy();
    if (isOpen === true) return;
    if (isOpen === undefined) break;
    await delay(25);
  }
  throw new Error('nginx did not start');
}
