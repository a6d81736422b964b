/** `node subject-process.ts NAME SETTINGS`: serves one subject and tells the parent its port. */
import { secureconnect } from '../chat/subjects/secureconnect.ts';
import type { Settings } from '../chat/subjects/subject.ts';
import { endWithParent, tellParent } from '../support/child.ts';
import { startFloor } from './subjects/floor.ts';

endWithParent();
const [name = '', text = ''] = process.argv.slice(2);
const settings = JSON.parse(text) as Settings;
const start: Readonly<Record<string, () => Promise<number>>> = {
  secureconnect: () => secureconnect(settings).listen(),
  floor: () => startFloor(settings.databaseUrl),
};
const listen = start[name];
if (listen === undefined) throw new Error(`there is no subject ${name}`);
tellParent({ kind: 'listening', port: await listen() });
