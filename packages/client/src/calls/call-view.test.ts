import { expect, it } from 'vitest';
import { type CallView, endIn, type ParticipantState } from './call-view.ts';

/** A call with Bob, whose own state this is. */
function view(status: CallView['status'], own: ParticipantState, more: Partial<CallView> = {}) {
  const participants = [
    { user_id: 'ada', state: 'joined' },
    { user_id: 'bob', state: own },
  ];
  return { status, participants, ...more } as CallView;
}

it.each([
  ['rings on', view('ringing', 'ringing'), undefined],
  ['rings on in a group where somebody has answered', view('active', 'ringing'), undefined],
  ['was answered elsewhere', view('active', 'joined'), 'answered_elsewhere'],
  ['was declined elsewhere', view('active', 'declined'), 'declined'],
  ['was missed in a group', view('active', 'missed'), 'no_answer'],
  ['was cancelled', view('ended', 'missed', { end_reason: 'cancelled' }), 'cancelled'],
])('a call that rings on a device %s', (_how, call, end) => {
  expect(endIn(call, 'bob', false)).toBe(end);
});

it.each([
  ['goes on', view('active', 'joined'), undefined],
  ['was left elsewhere', view('active', 'left'), 'left'],
  ['removed the user', view('active', 'removed'), 'removed'],
  ['is over', view('ended', 'left', { end_reason: 'ended_by_host' }), 'ended_by_host'],
])('a call that a device is in %s', (_how, call, end) => {
  expect(endIn(call, 'bob', true)).toBe(end);
});

it('a call that does not name the user is one that they were removed from', () => {
  expect(endIn(view('active', 'joined'), 'eve', true)).toBe('removed');
});
