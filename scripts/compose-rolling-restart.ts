/**
 * Restarts every service of a stack with docker-compose.scale.yml, one instance at a time, while
 * the other instance serves: `npm run compose:rolling-restart`.
 */
import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** The gateways come last, when the services behind them have the new version. */
const instances = [
  ...['auth-service', 'chat-service', 'video-service', 'storage-service', 'api-gateway'].flatMap(
    (name) => [name, `${name}-2`],
  ),
];
/** A service drains for at most 14 s. */
const stopSeconds = 20;
const maxStartMs = 120_000;
/** The time until the gateways, or the load balancer, use a restarted instance again. */
const settleMs = 3000;

const docker = (...words: string[]): string =>
  execFileSync('docker', words, { encoding: 'utf8' }).trim();

/** Keeps new requests from a gateway. The gateways detect other stopped instances themselves. */
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
  const deadline = Date.now() + maxStartMs;
  for (;;) {
    const health = docker('inspect', '--format', '{{.State.Health.Status}}', name);
    if (health === 'healthy') return;
    if (Date.now() > deadline)
      throw new Error(`${name} is still ${health} two minutes after its start; see its logs.`);
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
