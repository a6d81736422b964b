import { openCall } from './call.js';
import { keepOpen } from './keep-open.js';

/**
 * One device of a user, in a web page: it rings, answers and calls. `token()` gives a current access
 * token, `media` is the stream of camera and microphone, `configuration` is for every connection, and
 * `tell(what, detail)` hears of everything that a page may show.
 */
export function openPhone({ gateway, me, token, media, tell, configuration = {} }) {
  const ringing = new Set(); // ids of calls
  let current; // the id of the call that this page is in
  let call;

  async function api(method, path, body) {
    const authorization = `Bearer ${await token()}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const request = { method, headers, body: JSON.stringify(body) };
    const { data, error } = await (await fetch(`${gateway}/v1/calls/${path}`, request)).json();
    if (error) throw new Error(error.message);
    return data;
  }

  const device = keepOpen(`${gateway}/v1/ws/chat`, token, {
    heard({ type, from, data }) {
      const id = data?.call_id;
      if (type === 'call_ringing' && id !== current && !ringing.has(id)) {
        ringing.add(id);
        tell('ringing', { id, from });
      }
      if (type === 'call_answered' && from === me && id !== current) over(id, 'answered elsewhere');
      if (type === 'call_ended') over(id, data.reason);
    },
    closed() {
      for (const id of ringing) over(id, 'disconnected'); // what still rings is told again
    },
  });

  function enter({ call_id: id, ice_servers: iceServers }) {
    ringing.delete(id);
    current = id;
    const servers = { ...configuration, iceServers };
    call = openCall({ id, gateway, me, token, media, tell, configuration: servers, api, over });
  }
  async function come(id, action) {
    current = id; // this device goes on when it hears that its user has answered
    try {
      const joined = await api('POST', `${id}/${action}`);
      if (id === current) enter(joined);
    } catch (error) {
      over(id, error.message);
    }
  }
  /** The end of a call is told once, whichever socket or reply brings it first. */
  function over(id, reason) {
    if (!ringing.delete(id) && id !== current) return;
    if (id === current) current = call = call?.close();
    tell('ended', { id, reason });
  }

  return {
    async start(conversation, type) {
      const body = { conversation_id: conversation, call_type: type };
      enter(await api('POST', 'initiate', body));
    },
    accept: (id) => come(id, 'accept'),
    /** Comes to a call that goes on: also after the page was loaded again. */
    join: (id) => come(id, 'join'),
    decline: (id) => api('POST', `${id}/decline`),
    async hangUp() {
      const { call_id: id, end_reason: reason } = await api('POST', `${current}/end`);
      over(id, reason ?? 'left');
    },
    /** Of the call that this page is in. */
    mute: (kind, isMuted) => call.mute(kind, isMuted),
    share: (stream) => call.share(stream),
    unshare: (stream) => call.unshare(stream),
    close() {
      call?.close();
      device.close();
    },
  };
}
