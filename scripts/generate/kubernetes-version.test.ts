import { expect, test } from 'vitest';
import { withVersion } from './kubernetes-version.ts';

test('a version is written into tags, the name of the Job and the tag of a remote base', () => {
  const manifest = `resources:
  - https://git.internal/secureconnect//deploy/kubernetes/overlays/production?ref=v0.1.0
nameSuffix: -0-1-0
images:
  - name: secureconnect/auth
    newTag: 0.1.0
`;
  expect(withVersion(manifest, '1.10.0-rc.1')).toBe(`resources:
  - https://git.internal/secureconnect//deploy/kubernetes/overlays/production?ref=v1.10.0-rc.1
nameSuffix: -1-10-0-rc-1
images:
  - name: secureconnect/auth
    newTag: 1.10.0-rc.1
`);
});

test('a version that is there already changes nothing', () => {
  const manifest = 'nameSuffix: -2-0-0\nimages:\n  - newTag: 2.0.0\n';
  expect(withVersion(manifest, '2.0.0')).toBe(manifest);
});
