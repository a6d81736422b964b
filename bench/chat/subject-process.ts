/** `node subject-process.ts NAME SETTINGS`: serves one instance and tells the parent its port. */
import { endWithParent, tellParent } from '../support/child.ts';
import { type SubjectName, subjectNames } from './subject-names.ts';
import { secureconnect } from './subjects/secureconnect.ts';
import { socketIo } from './subjects/socket-io.ts';
import type { Settings, Subject } from './subjects/subject.ts';

const create: Readonly<Record<SubjectName, (settings: Settings) => Subject>> = {
  'secureconnect-postgres': (settings) => secureconnect({ ...settings, cassandra: undefined }),
  'secureconnect-cassandra': secureconnect,
  'socket.io': (settings) => socketIo(settings, { stores: false }),
  'socket.io-insert': (settings) => socketIo(settings, { stores: true }),
};

endWithParent();
const [name = '', settings = ''] = process.argv.slice(2);
const known = subjectNames.find((candidate) => candidate === name);
if (known === undefined) throw new Error(`there is no subject ${name}`);
const port = await create[known](JSON.parse(settings) as Settings).listen();
tellParent({ kind: 'listening', port });
