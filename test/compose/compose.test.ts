import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceNames } from '../support/stack.ts';
import { restoresBackups } from './chapters/backup.ts';
import { comesUp } from './chapters/coming-up.ts';
import { endsSessions } from './chapters/ending-sessions.ts';
import { failsOver } from './chapters/failover.ts';
import { hasSmallImages } from './chapters/images.ts';
import { losesRedis } from './chapters/losing-redis.ts';
import { answersTheRunbooks } from './chapters/runbooks.ts';
import { scales } from './chapters/scaling.ts';
import { goesAway } from './chapters/taking-down.ts';
import { printsTheTranscript } from './chapters/transcript.ts';
import { upgrades, upgradesInTurn } from './chapters/upgrade.ts';
import { knowsItsVariants } from './chapters/variants.ts';
import { refusesWrongSettings } from './chapters/wrong-settings.ts';
import { ended, said } from './support/command.ts';
import { ComposeStack, type StackOptions } from './support/compose-stack.ts';
import { hasBuildx, hasCompose } from './support/engine.ts';

/** A stack for the tests of one block: up before the first, away after the last. */
function useStack(options: StackOptions): () => ComposeStack {
  let stack: ComposeStack | undefined;
  const parts = new AsyncDisposableStack();
  beforeAll(async () => {
    stack = parts.use(await ComposeStack.prepare(options));
    await stack.up();
  });
  afterAll(() => parts.disposeAsync());
  return () => {
    if (stack === undefined) throw new Error('the stack was not started');
    return stack;
  };
}

const reason = (missing: boolean, what: string): string =>
  missing ? ` (left out: no ${what} answers)` : '';

const linter = ['docker', 'buildx', 'build', '--check', '.'];
/** Its checks come with this frontend, not with every engine. */
const frontend = ['--build-arg', 'BUILDKIT_SYNTAX=docker/dockerfile:1'];
it.skipIf(!hasBuildx)(
  `the Dockerfile has no warning of BuildKit's linter${reason(!hasBuildx, 'docker buildx')}`,
  async () => {
    const { code, output } = await ended([...linter, ...frontend], { timeoutMs: 180_000 });
    expect(code, output).toBe(0);
    expect(output).toContain('Check complete, no warnings found.');
  },
);

it.skipIf(!hasBuildx)(
  `docker-bake.hcl builds every image with provenance and an SBOM${reason(!hasBuildx, 'docker buildx')}`,
  async () => {
    const printed = await said([
      'docker',
      'buildx',
      'bake',
      '--file',
      'docker-bake.hcl',
      '--print',
    ]);
    const { target } = JSON.parse(printed.slice(printed.indexOf('{'))) as Bake;
    expect(Object.keys(target).sort()).toEqual([...serviceNames, 'migrate'].sort());
    for (const { attest } of Object.values(target)) {
      expect(attest.map(({ type }) => type).sort()).toEqual(['provenance', 'sbom']);
    }
  },
);

interface Bake {
  readonly target: Readonly<Record<string, { readonly attest: readonly { type: string }[] }>>;
}

const withoutOne = !hasCompose('one');
describe.skipIf(withoutOne)(`docker-compose${reason(withoutOne, 'docker-compose 1')}`, () => {
  const stack = useStack({ version: 'one' });
  comesUp(stack);
  hasSmallImages(stack);
  knowsItsVariants(stack);
  printsTheTranscript(stack);
  losesRedis(stack);
  describe('the runbooks', () => answersTheRunbooks(stack, 'single'));
  refusesWrongSettings(stack);
  scales(stack);
  upgradesInTurn(stack);
  restoresBackups(stack);
  upgrades(stack);
  endsSessions(stack);
  goesAway(stack);
});

const withoutTwo = !hasCompose('two');
describe.skipIf(withoutTwo)(`docker compose${reason(withoutTwo, 'docker compose 2')}`, () => {
  const stack = useStack({ version: 'two', variant: 'ha' });
  comesUp(stack);
  knowsItsVariants(stack);
  failsOver(stack);
  describe('the runbooks', () => answersTheRunbooks(stack, 'ha'));
  goesAway(stack);
});
