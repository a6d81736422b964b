/**
 * The connection to one peer. Both sides may change it whenever they like. If their offers cross,
 * the polite side takes its own back, and the other side ignores the one that it gets: "perfect
 * negotiation" in the WebRTC standard. `send` takes a signal to the peer.
 */
export function openPeer({ isPolite, configuration, send, tell, renew }) {
  const connection = new RTCPeerConnection(configuration);
  let isOffering = false;
  let isSettingAnswer = false;
  let isIgnoring = false;

  function describe() {
    const { type, sdp } = connection.localDescription;
    send(type, { sdp });
  }
  connection.onnegotiationneeded = async () => {
    isOffering = true;
    try {
      await connection.setLocalDescription();
      describe();
    } finally {
      isOffering = false;
    }
  };
  connection.onicecandidate = ({ candidate }) => candidate && send('ice_candidate', candidate);
  connection.ontrack = ({ streams: [stream] }) => tell('stream', { stream });
  connection.onconnectionstatechange = async () => {
    tell('connection', { state: connection.connectionState });
    if (connection.connectionState !== 'failed') return;
    await renew();
    connection.restartIce();
  };

  /** The peer may have missed the offer, or its answer was lost. */
  function offerAgain() {
    if (connection.signalingState === 'have-local-offer') describe();
  }
  // Signals may be lost where a server is killed.
  const watch = setInterval(() => {
    offerAgain();
    const { remoteDescription, connectionState } = connection;
    if (remoteDescription !== null && connectionState === 'new') connection.restartIce();
  }, 5000);

  async function take(type, sdp) {
    const { signalingState } = connection;
    // The answer to an offer that was sent twice comes twice.
    const isAwaited = signalingState === 'have-local-offer' && !isSettingAnswer;
    if (type === 'answer' && !isAwaited) return;
    const isReady = !isOffering && (signalingState === 'stable' || isSettingAnswer);
    isIgnoring = type === 'offer' && !isReady && !isPolite;
    if (isIgnoring) return;
    isSettingAnswer = type === 'answer';
    try {
      await connection.setRemoteDescription({ type, sdp });
    } finally {
      isSettingAnswer = false;
    }
    if (type === 'answer') return;
    await connection.setLocalDescription();
    describe();
  }
  async function addCandidate(candidate) {
    try {
      await connection.addIceCandidate(candidate);
    } catch (error) {
      // Those of an offer that is ignored, or did not arrive, are of no use.
      if (!isIgnoring && connection.remoteDescription !== null) throw error;
    }
  }

  return {
    connection,
    heard: (type, data) => (type === 'ice_candidate' ? addCandidate(data) : take(type, data.sdp)),
    offerAgain,
    /**
     * Whether an offer needs a new connection: because the peer has loaded its page again, or the
     * very first offers cross (Chromium may find no candidates after it has taken back a first one).
     */
    isOutdatedBy(sdp) {
      const known = connection.remoteDescription?.sdp;
      if (known !== undefined) return originOf(known) !== originOf(sdp);
      return isPolite && (isOffering || connection.signalingState !== 'stable');
    },
    close() {
      clearInterval(watch);
      connection.close();
    },
    add(stream) {
      for (const track of stream.getTracks()) connection.addTrack(track, stream);
    },
    remove(stream) {
      const senders = connection.getSenders().filter(({ track }) => track !== null);
      for (const sender of senders)
        if (stream.getTracks().includes(sender.track)) connection.removeTrack(sender);
    },
  };
}

/** What all descriptions of one connection have in common (RFC 8829, 5.2.1). */
const originOf = (sdp) => /^o=\S+ (\S+)/m.exec(sdp)[1];
