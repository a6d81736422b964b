import { portNames } from '@secureconnect/contracts';
import { expect, it } from 'vitest';
import {
  drillTargets,
  firstTarget,
  portsOf,
  servicesWith,
  withDependency,
  withToggled,
} from './drill-targets.ts';

it('has every port of every service, and no other', () => {
  const own = Object.entries(drillTargets).flatMap(([dependency, services]) =>
    Object.entries(services).map(([service, ports]) => [service, dependency, [...ports]]),
  );
  const declared = Object.entries(portNames).flatMap(([service, dependencies]) =>
    Object.entries(dependencies).map(([dependency, ports]) => [service, dependency, [...ports]]),
  );
  expect(own.toSorted()).toEqual(declared.toSorted());
});

it('names a port or an instance of one service only', () => {
  const one = { ...firstTarget, instance: '00000001', port: 'presence' };
  expect(portsOf(one)).toContain('presence');
  const two = withToggled(one, 'video');
  expect(two).toMatchObject({ services: ['chat', 'video'], instance: '', port: '' });
  expect(portsOf(two)).toEqual([]);
  expect(withToggled(two, 'chat').services).toEqual(['video']);
});

it('has the only service of a dependency chosen', () => {
  expect(withDependency('object_store').services).toEqual(['storage']);
  expect(servicesWith('message_store')).toEqual(['chat']);
  expect(withDependency('redis').services).toEqual(['chat']);
});
