// Many sockets on one instance of chat: npm run soak -- --sockets 5000 --minutes 2
import { parseArgs } from 'node:util';
import { startChaosBackends } from '../../scripts/chaos/backends.ts';
import { soak } from './soak.ts';

const { values } = parseArgs({
  options: {
    sockets: { type: 'string', default: '5000' },
    minutes: { type: 'string', default: '2' },
    rate: { type: 'string', default: '10' },
  },
});
const [sockets, minutes, rate] = [values.sockets, values.minutes, values.rate].map(Number);
if (!(Number(sockets) >= 1 && Number(minutes) > 0 && Number(rate) >= 1)) {
  process.stderr.write('--sockets and --rate are numbers from 1, --minutes one above 0\n');
  process.exit(2);
}
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

await using backends = await startChaosBackends(say);
const result = await soak({
  ...{ databaseUrl: backends.databaseUrl, redisUrl: backends.redis.url, say },
  ...{ sockets: Number(sockets), seconds: Number(minutes) * 60, messagesPerSecond: Number(rate) },
});
const { missed, doubled, closed, memoryBytes, delayMs, complaints } = result;
say(`
sockets open on one instance   ${result.sockets}
messages, deliveries           ${result.messages}, ${result.deliveries}
missed, doubled                ${missed}, ${doubled}
sockets closed meanwhile       ${[...closed].map(([code, count]) => `${code} × ${count}`).join(', ') || 'none'}
memory with sockets, in the end  ${mebibytes(memoryBytes.opened)}, ${mebibytes(memoryBytes.ended)}
memory a socket                ${(result.bytesPerSocket / 1024).toFixed(1)} KiB
from sender to socket, p50, p99  ${delayMs.p50.toFixed(1)} ms, ${delayMs.p99.toFixed(1)} ms
lines at warn or above         ${complaints.length}`);
if (missed + doubled + closed.size + complaints.length > 0) process.exitCode = 1;
