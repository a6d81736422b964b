import { kubernetesSkipReason, sharedKubernetes } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KubernetesWorld, kubernetesWorld } from './kubernetes-world.ts';
import { draft, signal } from './sink-signals.ts';

type Content = Readonly<Record<string, unknown>>;

describe.skipIf(kubernetesSkipReason !== '')(`The manifests${kubernetesSkipReason}`, () => {
  const stack = new AsyncDisposableStack();
  let world: KubernetesWorld;
  let good: { readonly spec: Content; readonly [field: string]: unknown };
  beforeAll(async () => {
    world = await kubernetesWorld(stack.use(await sharedKubernetes()), stack);
    const sink = await world.openSink();
    const { name } = await sink.open(draft(signal()));
    const { spec } = JSON.parse(await world.run(['get', 'rr', name, '-o', 'json'])) as {
      spec: Content;
    };
    good = {
      apiVersion: 'remediation.secureconnect.io/v1alpha1',
      kind: 'RemediationRequest',
      metadata: { generateName: 'rr-by-hand-' },
      spec,
    };
  });
  afterAll(() => stack.disposeAsync());

  const create = (object: object) =>
    world.run(['create', '--validate=strict', '-o', 'name', '-f', '-'], JSON.stringify(object));
  const withSpec = (more: Content) => ({ ...good, spec: { ...good.spec, ...more } });

  it('accept a request that is created by hand, which is pending', async () => {
    const name = (await create(good)).trim();
    const phase = await world.run(['get', name, '-o', 'jsonpath={.status.overallPhase}']);
    expect(phase).toBe('Pending');
  });

  it.each([
    ['a fingerprint that is none', { signalFingerprint: 'x' }, 'signalFingerprint'],
    ['no name', { signalName: '' }, 'signalName'],
    ['a priority P9', { priority: 'P9' }, 'priority'],
    ['another environment', { environment: 'production' }, 'environment'],
    ['another path', { remediationPath: 'bold' }, 'remediationPath'],
    ['a time that is none', { firingTime: 'noon' }, 'firingTime'],
    ['a number as a label', { signalLabels: { port: 8080 } }, 'signalLabels'],
    ['a label that is too long', { signalLabels: { a: 'x'.repeat(8193) } }, 'signalLabels'],
    ['a field that is unknown', { remedy: 'restart' }, 'remedy'],
    ['a payload that is no text', { originalPayload: {} }, 'originalPayload'],
    ['a storm of no type', { isStorm: true }, 'a storm has stormType'],
    ['no deduplication', { deduplication: undefined }, 'deduplication'],
  ])('refuse a request with %s', async (_what, more, named) => {
    await expect(create(withSpec(more))).rejects.toThrow(named);
  });

  it('refuse a claim without a request, and an unknown membership', async () => {
    const claim = (spec: Content) => ({
      apiVersion: 'remediation.secureconnect.io/v1alpha1',
      kind: 'SignalClaim',
      metadata: { generateName: 'claim-' },
      spec: { resource: 'a:Pod:b', firingTime: '2026-01-01T00:00:00Z', ...spec },
    });
    await expect(create(claim({}))).rejects.toThrow('requestName');
    const half = { requestName: 'rr-a', membership: 'Half' };
    await expect(create(claim(half))).rejects.toThrow('membership');
  });

  it('keep a resolved request resolved, and a request with its signal', async () => {
    const name = (await create(good)).trim();
    const patch = (more: readonly string[], change: object) =>
      world.run(['patch', name, '--type=merge', ...more, '-p', JSON.stringify(change)]);
    const phase = (overallPhase: string) => ({ status: { overallPhase } });
    await patch(['--subresource=status'], phase('Resolved'));
    await expect(patch(['--subresource=status'], phase('Pending'))).rejects.toThrow(
      'a resolved request stays resolved',
    );
    const other = { spec: { signalFingerprint: '0'.repeat(64) } };
    await expect(patch([], other)).rejects.toThrow('a request stays with its signal');
  });

  it('show a request with its signal, its urgency and its phase', async () => {
    // By its name: others are resolved, and the names, by which a list is sorted, are random.
    const name = (await create(good)).trim();
    const [head, line] = (await world.run(['get', name])).split('\n');
    expect(head).toMatch(/^NAME +SIGNAL +TARGET +SEVERITY +PRIORITY +STORM +COUNT +PHASE +AGE/);
    expect(line).toMatch(/^rr-\S+ +Contract\S+ +payments +critical +P0 +false +1 +Pending/);
  });

  it('let the gateway keep requests and claims, and nothing else', async () => {
    const list = await world.runAsGateway(['auth', 'can-i', '--list', '--no-headers']);
    const lines = list.split('\n').filter((line) => line !== '');
    // What everybody may: ask who they are, and read which versions and health there are.
    const own = lines.filter((line) => !/^(selfsubject| {2,}\[\/)/.test(line));
    const granted = own.map((line) => [line.split(/ +/)[0], /\[[a-z ]*\]$/.exec(line)?.[0]]);
    expect(Object.fromEntries(granted)).toEqual({
      'remediationrequests.remediation.secureconnect.io': '[get list create patch delete]',
      'remediationrequests.remediation.secureconnect.io/status': '[patch]',
      'signalclaims.remediation.secureconnect.io': '[get list create patch delete]',
    });
  });

  it('refuse the gateway what it was not granted', async () => {
    await expect(world.runAsGateway(['get', 'secrets'])).rejects.toThrow('Forbidden');
    const elsewhere = ['get', 'rr', '--namespace', 'default'];
    await expect(world.runAsGateway(elsewhere)).rejects.toThrow('Forbidden');
    const all = ['delete', 'rr', '--all', '--namespace', 'default'];
    await expect(world.runAsGateway(all)).rejects.toThrow('Forbidden');
    expect(await world.runAsGateway(['get', 'rr', '-o', 'name'])).toContain('rr-');
  });
});
