import { HandshakeRefused, type SampleUser, textField } from '@secureconnect/testkit';
import { type Outcome, other, type Place, type Trial } from './trial.ts';

/** Prepares what the other of the two then does with a block in force. */
export type Way = (trial: Trial, place: Place, user: SampleUser) => Promise<() => Promise<Outcome>>;

/** Everything by which one of two may reach the other in a conversation. */
export const ways: Readonly<Record<string, Way>> = {
  'send a message':
    async (trial, { conversationId }, user) =>
    () => {
      const body = { conversation_id: conversationId, content: 'x' };
      return trial.outcomeOf('chat', user, 'POST', '/v1/messages', body);
    },
  'edit their own message': async (trial, place, user) => {
    const message = await trial.said(place.conversationId, user);
    return () => trial.outcomeOf('chat', user, 'PATCH', message(''), { content: 'y' });
  },
  'delete their own message': async (trial, place, user) => {
    const message = await trial.said(place.conversationId, user);
    return () => trial.outcomeOf('chat', user, 'DELETE', message(''));
  },
  'forward a message into it': async (trial, place, user) => {
    const elsewhere = await trial.data('chat', user, 'POST', '/v1/conversations', {
      ...{ type: 'group', title: 'Elsewhere', participant_ids: [place.eve.userId] },
    });
    const conversationId = textField(elsewhere, 'conversation_id');
    const message = await trial.said(conversationId, user);
    const body = { to_conversation_ids: [place.conversationId] };
    return () => trial.outcomeOf('chat', user, 'POST', message('/forward'), body);
  },
  'react to a message': async (trial, place, user) => {
    const message = await trial.said(place.conversationId, other(place, user));
    return () => trial.outcomeOf('chat', user, 'PUT', message('/reactions/x'));
  },
  'remove a reaction': async (trial, place, user) => {
    const message = await trial.said(place.conversationId, other(place, user));
    await trial.data('chat', user, 'PUT', message('/reactions/x'));
    return () => trial.outcomeOf('chat', user, 'DELETE', message('/reactions/x'));
  },
  'send a typing indicator': async (trial, place, user) => {
    const socket = await trial.openChat(place, user);
    const { conversationId: conversation_id } = place;
    return async () => {
      const outcome = await trial.frameOutcome(socket, { type: 'typing', conversation_id });
      await socket.close();
      return outcome;
    };
  },
  'read the history': async (trial, place, user) => {
    await trial.said(place.conversationId, other(place, user));
    const path = `/v1/messages?conversation_id=${place.conversationId}`;
    return async () => {
      const { messages } = await trial.data('chat', user, 'GET', path);
      return Array.isArray(messages) && messages.length === 1 ? 'allowed' : 'hidden';
    };
  },
  'send a read receipt': async (trial, place, user) => {
    const message = await trial.said(place.conversationId, other(place, user));
    const told = await trial.heardOf(place, user, ['read']);
    return () => told(() => trial.data('chat', user, 'POST', message('/read')));
  },
  'read the receipts of a message': async (trial, place, user) => {
    const message = await trial.said(place.conversationId, user);
    await trial.data('chat', other(place, user), 'POST', message('/read'));
    return async () => {
      const { receipts } = await trial.data('chat', user, 'GET', message('/receipts'));
      return Array.isArray(receipts) && receipts.length === 1 ? 'allowed' : 'hidden';
    };
  },
  'pin a message': async (trial, place, user) => {
    const message = await trial.said(place.conversationId, user);
    return () => trial.outcomeOf('chat', user, 'PUT', message('/pin'));
  },
  'unpin a message': async (trial, place, user) => {
    const message = await trial.said(place.conversationId, user);
    await trial.data('chat', user, 'PUT', message('/pin'));
    return () => trial.outcomeOf('chat', user, 'DELETE', message('/pin'));
  },
  'change the settings':
    async (trial, { conversationId }, user) =>
    () => {
      const path = `/v1/conversations/${conversationId}/settings`;
      return trial.outcomeOf('chat', user, 'PATCH', path, { theme: 'dark' });
    },
  'upload a file for it':
    async (trial, { conversationId: conversation_id }, user) =>
    () => {
      const file = { file_name: 'a.txt', file_size: 1, content_type: 'text/plain' };
      const body = { ...file, conversation_id };
      return trial.outcomeOf('storage', user, 'POST', '/v1/storage/upload-url', body);
    },
  'share a file with it': async (trial, { conversationId: conversation_id }, user) => {
    const path = `/v1/storage/files/${await trial.uploaded(user)}/share`;
    return () => trial.outcomeOf('storage', user, 'POST', path, { conversation_id });
  },
  'download a file from it': async (trial, place, user) => {
    const fileId = await trial.uploaded(other(place, user), place.conversationId);
    return () => trial.outcomeOf('storage', user, 'GET', `/v1/storage/download-url/${fileId}`);
  },
  'call everybody in it':
    async (trial, { conversationId: conversation_id }, user) =>
    () => {
      const body = { call_type: 'audio', conversation_id };
      return trial.outcomeOf('video', user, 'POST', '/v1/calls/initiate', body);
    },
  'call the other by name': async (trial, place, user) => () => {
    const callee_ids = [other(place, user).userId];
    const body = { call_type: 'audio', conversation_id: place.conversationId, callee_ids };
    return trial.outcomeOf('video', user, 'POST', '/v1/calls/initiate', body);
  },
  'answer a call': async (trial, place, user) => {
    const callId = await trial.ring(place, other(place, user));
    return () => trial.outcomeOf('video', user, 'POST', `/v1/calls/${callId}/join`);
  },
  'open a signaling socket': async (trial, place, user) => {
    const callId = await trial.answered(place, user);
    return async () => {
      try {
        await (await trial.openSignaling(callId, user)).close();
        return 'allowed';
      } catch (error) {
        if (error instanceof HandshakeRefused && error.status === 403) return 'refused';
        throw error;
      }
    };
  },
  'send a signal': async (trial, place, user) => {
    const callId = await trial.answered(place, user);
    const socket = await trial.openSignaling(callId, user);
    const frame = { type: 'mute_audio', call_id: callId, data: { muted: true } };
    return async () => {
      // The sweep may have ended the call already.
      const closed = socket.closed.then(() => 'refused' as const);
      const outcome = await Promise.race([trial.frameOutcome(socket, frame), closed]);
      await socket.close();
      return outcome;
    };
  },
  'hang up': async (trial, place, user) => {
    const callId = await trial.answered(place, user);
    return () => trial.outcomeOf('video', user, 'POST', `/v1/calls/${callId}/end`);
  },
  'open and close a socket, having blocked': comeAndGo,
  'open and close a socket, being blocked': comeAndGo,
};

async function comeAndGo(trial: Trial, place: Place, user: SampleUser) {
  const told = await trial.heardOf(place, user, ['user_joined', 'user_left']);
  return () => told(async () => (await trial.openChat(place, user)).close());
}
