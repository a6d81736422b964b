import { expect, it } from 'vitest';
import { merged } from './merge.ts';

it('merges objects, and lists by the names of their elements', () => {
  const target = {
    kind: 'Deployment',
    spec: { containers: [{ name: 'service', image: 'a', env: [{ name: 'ONE', value: '1' }] }] },
  };
  const patch = {
    spec: {
      replicas: 2,
      containers: [{ name: 'service', env: [{ name: 'TWO', value: '2' }] }, { name: 'other' }],
    },
  };
  expect(merged(target, patch)).toEqual({
    kind: 'Deployment',
    spec: {
      replicas: 2,
      containers: [
        {
          name: 'service',
          image: 'a',
          env: [
            { name: 'ONE', value: '1' },
            { name: 'TWO', value: '2' },
          ],
        },
        { name: 'other' },
      ],
    },
  });
});

it('replaces lists whose elements have no names', () => {
  expect(merged({ types: ['Ingress'] }, { types: ['Egress'] })).toEqual({ types: ['Egress'] });
});
