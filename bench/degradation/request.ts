import { Agent, request } from 'node:http';
import { epochMs } from '../support/child.ts';
import { hungAfterMs, type Outcome, type Sample, subjects } from './sample.ts';
import { subjectHeader } from './subjects/subject.ts';

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
let sent = 0;

/** Sends one request that was due at `dueMs`. Never rejects: every end is an outcome. */
export function send(port: number, dueMs: number): Promise<Sample> {
  sent += 1;
  const subject = `subject-${sent % subjects}`;
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const end = (outcome: Outcome): void => {
      clearTimeout(timer);
      resolve({ dueMs, latencyMs: epochMs() - dueMs, outcome });
    };
    const outgoing = request(
      { agent, host: '127.0.0.1', port, path: '/limited', headers: { [subjectHeader]: subject } },
      (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.once('end', () => end(outcomeOf(reply.statusCode, Buffer.concat(chunks))));
        reply.once('error', (error) => end(codeOf(error)));
      },
    );
    outgoing.once('error', (error) => end(codeOf(error)));
    timer = setTimeout(
      () => {
        end('hung');
        outgoing.destroy();
      },
      Math.max(0, dueMs + hungAfterMs - epochMs()),
    );
    outgoing.end();
  });
}

function outcomeOf(status: number | undefined, body: Buffer): Outcome {
  if (status !== 200) return String(status);
  return /"source":"(\w+)"/.exec(body.toString('latin1'))?.[1] ?? 'unreadable';
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.message;
}
