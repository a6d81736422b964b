import {
  callServerFrames,
  PartEndReason,
  SignalingServerFrame,
  signalingClientFrames,
} from '@secureconnect/contracts';
import { expect, it } from 'vitest';
import { documentedSection } from '../support/documented-section.ts';

/** The names in the first column of the table that follows a header. */
function rowsBelow(section: string, header: string): string[] {
  const [, below = ''] = section.split(`\n| ${header} |`);
  const rows = below.split('\n\n', 1)[0]?.split('\n').slice(2) ?? [];
  return rows
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([a-z_]+)`/g)])
    .map(([, name = '']) => name);
}

it('docs/calls.md has a row for each frame that rings, and for each reason of an end', async () => {
  const section = await documentedSection('docs/calls.md', 'Ringing');
  const frames = callServerFrames.map(({ shape }) => shape.type.value);
  expect(rowsBelow(section, 'frame').toSorted()).toEqual(frames.toSorted());
  const reasons = PartEndReason.options;
  expect(rowsBelow(section, '`reason`').toSorted()).toEqual(reasons.toSorted());
});

it('docs/calls.md has a row for each frame of the signaling socket', async () => {
  const section = await documentedSection('docs/calls.md', 'Signaling, frame by frame');
  const heard = SignalingServerFrame.options.map(({ shape }) => shape.type.value);
  const frames = new Set<string>([...heard, ...Object.keys(signalingClientFrames)]);
  expect(rowsBelow(section, 'frame').toSorted()).toEqual([...frames].toSorted());
});
