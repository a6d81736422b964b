/**
 * `node --expose-gc subject-process.ts NAME SETTINGS`: serves one subject and tells the parent its
 * port; answers each message with the memory of this process after all garbage is collected.
 */
import { secureconnect } from '../chat/subjects/secureconnect.ts';
import { socketIo } from '../chat/subjects/socket-io.ts';
import { endWithParent, tellParent } from '../support/child.ts';
import type { Settings } from './backends.ts';
import { type SubjectName, subjectNames } from './subject-names.ts';
import { bareWs } from './subjects/bare-ws.ts';

/** The memory of a process, in bytes. */
export interface Memory {
  /** What the system has given it (RSS). */
  readonly residentBytes: number;
  /** Its objects, and what they keep outside the heap. */
  readonly heapBytes: number;
}

const listen: Readonly<Record<SubjectName, (settings: Settings) => Promise<number>>> = {
  ws: bareWs,
  'socket.io': (settings) =>
    socketIo({ ...settings, cassandra: undefined }, { stores: false }).listen(),
  secureconnect: (settings) => secureconnect({ ...settings, cassandra: undefined }).listen(),
};

async function memoryNow(): Promise<Memory> {
  if (gc === undefined) throw new Error('start this with --expose-gc');
  // More than once: what finalizers free is collected by the next.
  for (let times = 0; times < 3; times += 1) {
    await gc({ type: 'major', execution: 'async', flavor: 'last-resort' });
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { residentBytes: rss, heapBytes: heapUsed + external };
}

endWithParent();
const [name = '', settings = ''] = process.argv.slice(2);
const known = subjectNames.find((candidate) => candidate === name);
if (known === undefined) throw new Error(`there is no subject ${name}`);
const port = await listen[known](JSON.parse(settings) as Settings);
process.on('message', () => void memoryNow().then(tellParent));
tellParent({ kind: 'listening', port });
