import { join } from 'node:path';
import { startServing } from '../support/serving-child.ts';
import type { SubjectName, SubjectSettings } from './names.ts';
import { startNginx } from './nginx.ts';
import type { RunningSubject, Usage } from './running-subject.ts';

const answerLimitMs = 10_000;

/** Starts a subject over these servers. Rejects if it does not start. */
export async function startSubject(
  name: SubjectName,
  settings: SubjectSettings,
): Promise<RunningSubject> {
  if (name === 'nginx') return startNginx(settings.upstreamUrl);
  const file = join(import.meta.dirname, 'subject-process.ts');
  const child = await startServing({ file, values: [name, JSON.stringify(settings)] });
  return {
    url: `http://127.0.0.1:${child.port}`,
    usage: async () => (await child.ask('usage', answerLimitMs)) as Usage,
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
