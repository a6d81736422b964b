/**
 * `npm run bench:stored [-- --quick]`: what a user, a group, a message and a file take in PostgreSQL
 * and in Redis, made by the routes of the services. Writes its section of docs/benchmarks.md; `--quick`
 * makes few of each, prints and writes nothing.
 */
import { parseArgs } from 'node:util';
import { measureStored } from './stored/measure.ts';
import { startStoringServices } from './stored/services.ts';
import { storedTable } from './stored/tables.ts';
import { writeSection } from './support/document.ts';
import { describeMachine, describeRedis } from './support/machine.ts';
import { exitOnSignals } from './support/temporary-folder.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const counts = values.quick ? { users: 50, messagesEach: 2 } : { users: 2000, messagesEach: 10 };
const machine = `${describeMachine()}, ${describeRedis()}`;

exitOnSignals();
await using services = await startStoringServices();
const text = storedTable(await measureStored(services, counts), machine);
console.log(text);
if (!values.quick) writeSection('stored', text);
