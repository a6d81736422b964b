// Two peers of one page, which have only relay candidates.
globalThis.relayedCall = (() => {
  const peers = [];
  let errors = [];

  /** A canvas whose picture changes with every frame. */
  function movingPicture() {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    let hue = 0;
    setInterval(() => {
      hue = (hue + 7) % 360;
      context.fillStyle = `hsl(${hue} 80% 50%)`;
      context.fillRect(0, 0, canvas.width, canvas.height);
    }, 40);
    return canvas.captureStream(25);
  }

  function newPeer(iceServers) {
    const peer = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' });
    peer.addEventListener('icecandidateerror', ({ errorCode }) => errors.push(errorCode));
    for (const track of movingPicture().getTracks()) peer.addTrack(track);
    return peer;
  }

  async function negotiate() {
    const [one, other] = peers;
    await one.setLocalDescription();
    await other.setRemoteDescription(one.localDescription);
    await other.setLocalDescription();
    await one.setRemoteDescription(other.localDescription);
  }

  const gathered = (peer) =>
    new Promise((resolve) => {
      const look = () => peer.iceGatheringState === 'complete' && resolve();
      peer.addEventListener('icegatheringstatechange', look);
      look();
    });

  async function start(servers) {
    peers.push(newPeer(servers[0]), newPeer(servers[1]));
    for (const [index, peer] of peers.entries()) {
      peer.addEventListener('icecandidate', ({ candidate }) =>
        peers[1 - index].addIceCandidate(candidate),
      );
    }
    await negotiate();
    await Promise.all(peers.map(gathered));
    return errors;
  }

  async function restart(servers) {
    errors = [];
    for (const [index, peer] of peers.entries())
      peer.setConfiguration({
        iceServers: servers[index],
        iceTransportPolicy: 'relay',
      });
    peers[0].restartIce();
    await negotiate();
    await Promise.all(peers.map(gathered));
    return errors;
  }

  async function side(peer) {
    const stats = [...(await peer.getStats()).values()];
    const byId = new Map(stats.map((stat) => [stat.id, stat]));
    const pairId = stats.find(({ type }) => type === 'transport')?.selectedCandidatePairId;
    const pair = byId.get(pairId);
    const video = stats.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'video');
    return {
      framesDecoded: video?.framesDecoded ?? 0,
      local: byId.get(pair?.localCandidateId)?.candidateType ?? '',
      remote: byId.get(pair?.remoteCandidateId)?.candidateType ?? '',
    };
  }

  const sides = () => Promise.all(peers.map(side));

  return { peers, start, restart, sides };
})();
