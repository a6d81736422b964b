import { keepOpen } from './keep-open.js';
import { openPeer } from './peer.js';

/** A user's part in a call: the signaling socket, and a connection to each of the others. */
export function openCall({ id, gateway, me, token, media, tell, configuration, api, over }) {
  const streams = new Set([media]);
  const peers = new Map(); // by user id
  let isOpen = true;
  let renewal;
  const attempt = (promise) => promise.catch((error) => tell('problem', { error }));

  const url = `${gateway}/v1/ws/signaling?call_id=${id}`;
  const socket = keepOpen(url, token, { opened, closed, heard });
  const send = (type, data, to) => socket.send({ type, call_id: id, to, data });
  void renew();

  function opened() {
    send('join', {}); // the others may have sent something meanwhile
    void look();
  }
  function closed(code) {
    if (code === 4410) over(id, 'continued on a newer page');
    else void look();
  }
  /** Whenever the socket has opened or closed: am I still in the call, and who else is? */
  async function look() {
    const call = await attempt(api('GET', id));
    if (call === undefined || !isOpen) return; // the socket will open or close again
    const joined = call.participants.filter(({ state }) => state === 'joined');
    const others = joined.filter(({ user_id }) => user_id !== me);
    if (others.length === joined.length) over(id, call.end_reason ?? 'left');
    else for (const { user_id } of others) peerOf(user_id).offerAgain();
  }
  function heard(frame) {
    const { type, from, data } = frame;
    const isOutdated = type === 'offer' && peers.get(from)?.isOutdatedBy(data.sdp);
    if (type === 'leave' || isOutdated) forget(from);
    if (type === 'offer') peerOf(from);
    if (type === 'join' || type === 'peer_back') greet(from);
    if (type === 'mute_request') mute(data.media, true);
    if (type === 'call_ended') over(id, data.reason);
    const isForPeer = ['offer', 'answer', 'ice_candidate'].includes(type);
    if (!isForPeer) tell(type, frame);
    else if (peers.has(from)) attempt(peers.get(from).heard(type, data));
  }
  /** The host may ask for it, too. */
  function mute(kind, isMuted) {
    for (const track of media.getTracks()) if (track.kind === kind) track.enabled = !isMuted;
    send(`mute_${kind}`, { muted: isMuted });
  }
  /** A peer has opened a socket: it may have missed what was sent before. */
  function greet(user) {
    peerOf(user).offerAgain();
    for (const { kind, enabled } of media.getTracks())
      send(`mute_${kind}`, { muted: !enabled }, user);
  }
  /** Credentials of TURN servers expire; a connection that restarts needs current ones. */
  async function renew() {
    const servers = await attempt(api('GET', `${id}/ice-servers`));
    if (!isOpen) return;
    clearTimeout(renewal);
    renewal = setTimeout(renew, (servers?.renew_in ?? 5) * 1000);
    if (servers === undefined) return;
    configuration = { ...configuration, iceServers: servers.ice_servers };
    for (const { connection } of peers.values()) connection.setConfiguration(configuration);
  }

  function peerOf(user) {
    if (!peers.has(user)) {
      const tellOf = (what, detail) => tell(what, { from: user, ...detail });
      const toPeer = (type, data) => send(type, data, user);
      const isPolite = me > user;
      peers.set(user, openPeer({ isPolite, configuration, send: toPeer, tell: tellOf, renew }));
      for (const stream of streams) peers.get(user).add(stream);
    }
    return peers.get(user);
  }
  function forget(user) {
    peers.get(user)?.close();
    peers.delete(user);
  }
  return {
    mute,
    share(stream) {
      streams.add(stream);
      for (const peer of peers.values()) peer.add(stream);
    },
    unshare(stream) {
      streams.delete(stream);
      for (const peer of peers.values()) peer.remove(stream);
    },
    close() {
      isOpen = false;
      clearTimeout(renewal);
      socket.close();
      for (const user of peers.keys()) forget(user);
    },
  };
}
