import { kubernetesSkipReason, sharedKubernetes } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { type KubernetesWorld, kubernetesWorld } from './kubernetes-world.ts';
import { describeSink } from './sink-contract.ts';
import { takingTurns } from './sink-signals.ts';

describe.skipIf(kubernetesSkipReason !== '')(`Kubernetes${kubernetesSkipReason}`, () => {
  const parts = new AsyncDisposableStack();
  let world: KubernetesWorld;
  beforeAll(async () => {
    world = await kubernetesWorld(parts.use(await sharedKubernetes()), parts);
  });
  afterAll(() => parts.disposeAsync());

  describeSink('the sink in Kubernetes', () => world.openSink());
  describeSink('two sinks in one Kubernetes', async () =>
    takingTurns([await world.openSink(), await world.openSink()]),
  );
});
