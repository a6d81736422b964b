import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, requestName, stormFingerprintOf } from '../src/signals/fingerprint.ts';
import { resourceOf } from '../src/signals/resource.ts';
import { createTriage } from '../src/signals/triage.ts';
import { triageTables } from '../src/signals/triage-tables.ts';
import { signal } from './sink-signals.ts';

describe('the subject of an alert', () => {
  const all = {
    instance: 'i',
    service: 's',
    node: 'n',
    job: 'j',
    daemonset: 'ds',
    statefulset: 'ss',
    deployment: 'd',
    pod: 'p',
  };
  const names = Object.keys(all).reverse();

  it.each([
    ['pod', 'Pod'],
    ['deployment', 'Deployment'],
    ['statefulset', 'StatefulSet'],
    ['daemonset', 'DaemonSet'],
    ['job', 'Job'],
    ['node', 'Node'],
    ['service', 'Service'],
    ['instance', 'Instance'],
  ])('is its %s before everything listed later', (label, kind) => {
    const rest = Object.fromEntries(
      Object.entries(all).filter(([name]) => names.indexOf(name) >= names.indexOf(label)),
    );
    expect(resourceOf(rest)).toMatchObject({ kind });
  });

  it('is unknown if no label names it, or only an empty one', () => {
    expect(resourceOf({ alertname: 'Watchdog', pod: '' })).toEqual({
      kind: 'Unknown',
      name: 'unknown',
    });
  });
});

describe('a fingerprint', () => {
  const of = {
    name: 'PodCrashLooping',
    namespace: 'payments',
    resource: { kind: 'Pod', name: 'a' },
  };

  it('is the SHA-256 of name:namespace:Kind:name', () => {
    const text = 'PodCrashLooping:payments:Pod:a';
    expect(fingerprintOf(of)).toBe(createHash('sha256').update(text).digest('hex'));
    expect(requestName(fingerprintOf(of), 'x')).toBe(`rr-${fingerprintOf(of).slice(0, 16)}-x`);
  });

  it('differs by name, namespace, kind and resource, and for a storm', () => {
    const others = [
      fingerprintOf(of),
      fingerprintOf({ ...of, name: 'Other' }),
      fingerprintOf({ ...of, namespace: undefined }),
      fingerprintOf({ ...of, resource: { kind: 'Node', name: 'a' } }),
      fingerprintOf({ ...of, resource: { kind: 'Pod', name: 'b' } }),
      stormFingerprintOf(of.name, 'w1'),
      stormFingerprintOf(of.name, 'w2'),
    ];
    expect(new Set(others).size).toBe(others.length);
  });
});

describe('the triage of a signal', () => {
  const judge = createTriage(triageTables(), new Map([['payments', 'staging']]));
  const of = (severity: string, environment?: string) =>
    judge(signal({ severity, labels: environment === undefined ? {} : { environment } }));

  it.each([
    ['critical', 'prod', 'P0', 'aggressive'],
    ['critical', 'staging', 'P1', 'moderate'],
    ['critical', 'dev', 'P2', 'manual'],
    ['warning', 'prod', 'P1', 'conservative'],
    ['warning', 'staging', 'P2', 'manual'],
    ['warning', 'dev', 'P2', 'manual'],
    ['info', 'prod', 'P2', 'conservative'],
    ['info', 'staging', 'P2', 'manual'],
    ['info', 'dev', 'P2', 'manual'],
  ])('that is %s in %s is %s, %s', (severity, environment, priority, remediationPath) => {
    expect(of(severity, environment)).toEqual({ environment, priority, remediationPath });
  });

  it.each([
    ['critical', 'P1'],
    ['warning', 'P2'],
    ['info', 'P3'],
  ])('that is %s in an unknown environment is %s, conservative', (severity, priority) => {
    const lost = createTriage(triageTables(), new Map());
    expect(lost(signal({ severity, labels: {} }))).toEqual({
      environment: 'unknown',
      priority,
      remediationPath: 'conservative',
    });
  });

  it('takes the label before the override, by any of its names', () => {
    expect(of('critical').environment).toBe('staging');
    expect(of('critical', 'Production').environment).toBe('prod');
    expect(of('critical', 'somewhere').environment).toBe('staging');
    const labels = { label_environment: 'dev' };
    expect(judge(signal({ labels })).environment).toBe('dev');
  });

  it('counts an unknown severity as a warning', () => {
    expect(of('page', 'prod').priority).toBe('P1');
    expect(of('CRITICAL', 'prod').priority).toBe('P0');
  });
});

it('tables in which a priority has no path stop the process', () => {
  const tables = triageTables();
  const path = { ...tables.path, prod: { P0: 'aggressive', P1: 'manual' } };
  expect(() => triageTables({ ...tables, path })).toThrow('lacks P2, which info has in prod');
  expect(() => triageTables({ ...tables, priority: {} })).toThrow('priority');
});
