/**
 * Runs the requirement's validation against a running stack (`npm run validate`): with Redis up,
 * stopped, and up again. Prints a line per check; exit code 1 if a check fails.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Check, checks } from './validate/checks.ts';
import { redisControl } from './validate/redis-control.ts';
import { setScene } from './validate/scene.ts';
import { stackFrom } from './validate/stack.ts';

/** The time limit for recovery and gauges; replies must be right the first time. */
const settleMs = 15_000;

const { values } = parseArgs({
  options: { 'stop-redis': { type: 'string' }, 'start-redis': { type: 'string' } },
});

interface Line {
  readonly phase: string;
  readonly check: Check;
  readonly observed: string;
}

/** Runs a phase's checks; repeats those that settle until they succeed or time is up. */
async function runPhase(
  phase: string,
  phaseChecks: readonly Check[],
  recovering = false,
): Promise<Line[]> {
  console.log(`\n${phase}`);
  const deadline = Date.now() + settleMs;
  const lines: Line[] = [];
  for (const check of phaseChecks) {
    let observed = await observe(check);
    const patient = recovering || check.settles;
    while (patient && observed !== check.expected && Date.now() < deadline) {
      await delay(250);
      observed = await observe(check);
    }
    console.log(
      `  ${observed === check.expected ? 'ok  ' : 'FAIL'}  ${check.what}  →  ${observed}`,
    );
    if (observed !== check.expected) console.log(`        expected  →  ${check.expected}`);
    lines.push({ phase, check, observed });
  }
  return lines;
}

async function observe(check: Check): Promise<string> {
  try {
    return await check.observe();
  } catch (error) {
    return error instanceof Error ? `no answer (${error.message})` : 'no answer';
  }
}

async function validate(): Promise<boolean> {
  const stack = stackFrom(process.env);
  const control = redisControl({
    stop: values['stop-redis'],
    start: values['start-redis'],
    dataDirectory: process.env['SECURECONNECT_DATA_DIR'] || '.data',
  });
  const scene = await setScene(stack);
  const lines = await runPhase('Redis up', checks(stack, scene, false));
  console.log(`\nStopping Redis: ${control.description}`);
  await control.stop();
  try {
    lines.push(...(await runPhase('Redis stopped', checks(stack, scene, true))));
  } finally {
    await control.start();
  }
  // The gauges come first: repeated logins would use up the login limit.
  const recovered = checks(stack, scene, false).sort(
    (one, other) => Number(other.settles) - Number(one.settles),
  );
  lines.push(...(await runPhase('Redis started again', recovered, true)));
  const failed = lines.filter(({ check, observed }) => observed !== check.expected);
  console.log(`\n${lines.length - failed.length} passed, ${failed.length} failed`);
  return failed.length === 0;
}

try {
  process.exitCode = (await validate()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
