/**
 * Restarts every service of a stack with docker-compose.scale.yml, one instance after another, so that
 * the other one serves meanwhile: `npm run compose:rolling-restart`.
 */
import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** The gateways last: what they lead to is of the new version by then. */
const instances = [
  ...['auth-service', 'chat-service', 'video-service', 'storage-service', 'api-gateway'].flatMap(
    (name) => [name, `${name}-2`],
  ),
];
/** A service drains for 14 s at most. */
const stopSeconds = 20;
const longestStartMs = 120_000;
/** Until the gateways, or the load balancer, ask an instance again that was away. */
const settleMs = 3000;

const docker = (...words: string[]): string =>
  execFileSync('docker', words, { encoding: 'utf8' }).trim();

/** Keeps new requests from a gateway; what stands before the others finds out by itself. */
function takeOut(name: string): () => void {
  const gateways: Record<string, string> = {
    'api-gateway': 'gateway-1',
    'api-gateway-2': 'gateway-2',
  };
  const gateway = gateways[name];
  if (gateway === undefined) return () => {};
  const file = `/tmp/without-${gateway}`;
  docker('exec', 'load-balancer', 'touch', file);
  return () => void docker('exec', 'load-balancer', 'rm', file);
}

async function untilHealthy(name: string): Promise<void> {
  const deadline = Date.now() + longestStartMs;
  for (;;) {
    const health = docker('inspect', '--format', '{{.State.Health.Status}}', name);
    if (health === 'healthy') return;
    if (Date.now() > deadline) throw new Error(`${name} is ${health} two minutes after its start.`);
    await delay(250);
  }
}

try {
  for (const name of instances) {
    const startedAt = Date.now();
    const putBack = takeOut(name);
    docker('restart', '-t', String(stopSeconds), name);
    await untilHealthy(name);
    putBack();
    await delay(settleMs);
    console.log(`${name}: restarted in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
