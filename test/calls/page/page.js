// A page with a phone: it shows whom it hears and sees, and keeps what a test asks for.
import { openPhone } from '../../../docs/examples/phone.js';

const connections = [];
globalThis.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration) {
    super(configuration);
    this.states = [];
    this.onsignalingstatechange = () => this.states.push(this.signalingState);
    connections.push(this);
  }
};

const told = [];
let phone;
let screen;

/** Shows a stream in an element of its own, until it has no track any more. */
function show(stream, isMuted) {
  if ([...document.querySelectorAll('video')].some(({ srcObject }) => srcObject === stream)) return;
  const video = document.createElement('video');
  Object.assign(video, { srcObject: stream, autoplay: true, muted: isMuted });
  document.querySelector('#videos').append(video);
  stream.onremovetrack = () => stream.getTracks().length > 0 || video.remove();
}

function tell(what, detail) {
  document.querySelector('#state').textContent = what;
  if (what === 'stream') show(detail.stream, false);
  else told.push([what, what === 'problem' ? { message: String(detail.error) } : detail]);
}

async function open({ gateway, me, name, accessToken, configuration }) {
  document.querySelector('h1').textContent = name;
  const video = { width: 320, height: 240, frameRate: 15 };
  const media = await navigator.mediaDevices.getUserMedia({ audio: true, video });
  show(media, true);
  const token = async () => accessToken;
  phone = openPhone({ gateway, me, token, media, tell, configuration });
}

async function share() {
  screen = await navigator.mediaDevices.getDisplayMedia({ video: { width: 320, frameRate: 10 } });
  phone.share(screen);
}

function unshare() {
  phone.unshare(screen);
  for (const track of screen.getTracks()) track.stop();
}

const openConnections = () =>
  connections.filter(({ signalingState }) => signalingState !== 'closed');

/** What each open connection receives, and how. */
function received() {
  return Promise.all(
    openConnections().map(async (connection) => {
      const stats = [...(await connection.getStats()).values()];
      const statOf = (wanted) => stats.find(({ id }) => id === wanted);
      const transport = stats.find(({ type }) => type === 'transport');
      const pair = statOf(transport?.selectedCandidatePairId);
      const ids = [pair?.localCandidateId, pair?.remoteCandidateId];
      const inbound = stats.filter(({ type }) => type === 'inbound-rtp');
      const audio = inbound.find(({ kind }) => kind === 'audio');
      const isActive = ({ mid }) => {
        const { currentDirection } = connection.getTransceivers().find((one) => one.mid === mid);
        return currentDirection === 'sendrecv' || currentDirection === 'recvonly';
      };
      return {
        state: connection.connectionState,
        signalingStates: connection.states,
        kinds: ids.map((id) => statOf(id)?.candidateType),
        frames: inbound
          .filter((stat) => stat.kind === 'video' && isActive(stat))
          .map(({ framesDecoded }) => framesDecoded),
        audioEnergy: audio?.totalAudioEnergy ?? 0,
        audioSeconds: audio?.totalSamplesDuration ?? 0,
        iceUser: /a=ice-ufrag:(.*)/.exec(connection.remoteDescription?.sdp)?.[1] ?? '',
        turnUser: connection.getConfiguration().iceServers.at(-1)?.username ?? '',
      };
    }),
  );
}

function restartIce() {
  for (const connection of openConnections()) connection.restartIce();
}

const phoneOf = () => phone;
globalThis.page = { open, share, unshare, received, restartIce, told: () => told, phone: phoneOf };
