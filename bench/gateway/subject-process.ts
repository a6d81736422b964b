/**
 * `node subject-process.ts NAME SETTINGS`: serves one subject and tells the parent its port. At each
 * message it tells what it has used.
 */
import { endWithParent, tellParent } from '../support/child.ts';
import type { SubjectSettings } from './names.ts';
import { expressStack } from './subjects/express.ts';
import { fastifyStack } from './subjects/fastify.ts';
import { secureconnect } from './subjects/secureconnect.ts';
import { undiciProxy } from './subjects/undici.ts';

/** Serves on a free port of loopback and returns it. */
export type Listen = (settings: SubjectSettings) => Promise<number>;

const subjects: Readonly<Record<string, Listen>> = {
  secureconnect,
  express: expressStack,
  fastify: fastifyStack,
  undici: undiciProxy,
};

endWithParent();
const [name = '', settings = ''] = process.argv.slice(2);
const listen = subjects[name];
if (listen === undefined) throw new Error(`there is no subject ${name}`);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  tellParent({ cpuMicroseconds: user + system, memoryBytes: process.memoryUsage.rss() });
});
tellParent({ kind: 'listening', port: await listen(JSON.parse(settings)) });
