import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PeerConnection, ReceivedTrack } from './platform.ts';
import { Quality, type QualityReport } from './quality.ts';

const timers = ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const;
beforeEach(() => void vi.useFakeTimers({ toFake: [...timers, 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** A connection without statistics, and what is reported on it. */
function measured() {
  const reports: QualityReport[] = [];
  const connection: {
    connectionState: PeerConnection['connectionState'];
    getStats(): Promise<Map<string, object>>;
  } = {
    connectionState: 'new',
    getStats: async () => new Map<string, object>(),
  };
  const quality = new Quality({
    connection,
    sinceMs: performance.now(),
    send: (report) => void reports.push(report),
    onError(error) {
      throw error;
    },
  });
  const become = (...states: PeerConnection['connectionState'][]): void => {
    for (const state of states) {
      connection.connectionState = state;
      quality.noteState();
    }
  };
  const last = () => reports.at(-1)?.summary;
  const later = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);
  return { become, connection, last, later, quality, reports };
}

/** A track of the peer, and what makes its media begin. */
function silentTrack(): { readonly track: ReceivedTrack; readonly begin: () => void } {
  const listeners: (() => void)[] = [];
  const track = {
    muted: true,
    addEventListener: (_type: 'unmute', listener: () => void) => void listeners.push(listener),
  };
  return { track, begin: () => listeners.forEach((listener) => void listener()) };
}

describe('the quality of a connection', () => {
  it('is reported every 30 s and at its end, by one id and with rising numbers', async () => {
    const { become, later, quality, reports } = measured();
    become('connecting', 'connected');
    await later(61);
    await quality.close();
    await later(61);
    expect(reports.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(new Set(reports.map(({ connection_id }) => connection_id)).size).toBe(1);
  });

  it('has the time to the first media, of whichever track', async () => {
    const { become, last, later, quality } = measured();
    const [sound, picture] = [silentTrack(), silentTrack()];
    quality.noteTrack(sound.track);
    quality.noteTrack(picture.track);
    become('connecting', 'connected');
    await later(0.5);
    picture.begin();
    await later(2);
    sound.begin();
    await quality.close();
    expect(last()).toMatchObject({ state: 'connected', setup_ms: 500, media_lost: false });
  });

  it('has the time of media that the peer began to send later, from then on', async () => {
    const { become, last, later, quality } = measured();
    become('connecting', 'connected');
    await later(3600);
    const { track, begin } = silentTrack();
    quality.noteTrack(track);
    await later(0.25);
    begin();
    await quality.close();
    expect(last()).toMatchObject({ setup_ms: 250 });
  });

  it('is that of a connection that failed, until that is back', async () => {
    const { become, last, later, quality } = measured();
    const { track, begin } = silentTrack();
    quality.noteTrack(track);
    become('connecting', 'connected');
    begin();
    become('disconnected', 'failed');
    quality.noteRestart();
    become('connecting');
    await later(30);
    expect(last()).toMatchObject({ state: 'failed', media_lost: true, reconnects: 0 });
    become('connected');
    await quality.close();
    expect(last()).toMatchObject({ state: 'connected', media_lost: false });
    expect(last()).toMatchObject({ ice_restarts: 1, reconnects: 1 });
  });

  it('of one that never had media is a failure, and no loss', async () => {
    const { become, last, quality } = measured();
    become('connecting', 'failed', 'connecting');
    await quality.close();
    expect(last()).toMatchObject({ state: 'failed', media_lost: false });
    expect(last()).not.toHaveProperty('setup_ms');
  });

  it('is not reported before anything has happened', async () => {
    const { later, quality, reports } = measured();
    await later(30);
    await quality.close();
    expect(reports).toEqual([]);
  });

  it('keeps no connection open for statistics that do not come', async () => {
    const { become, connection, later, quality, reports } = measured();
    connection.getStats = () => new Promise(() => undefined);
    become('connecting');
    const closing = quality.close();
    await later(0.5);
    await closing;
    expect(reports).toEqual([]);
  });
});
