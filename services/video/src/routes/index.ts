import { video } from '@secureconnect/contracts/endpoints';
import { type Route, routesOf } from '@secureconnect/service';
import type { VideoContext } from '../context.ts';
import { callRoutes } from './calls.ts';
import { hostControlRoutes } from './host-controls.ts';
import { iceServerRoutes } from './ice-servers.ts';
import { pushTokenRoutes } from './push-tokens.ts';
import { qualityRoutes } from './quality.ts';
import { ringingRoutes } from './ringing.ts';
import { sfuRoutes } from './sfu.ts';
import { signalingRoutes } from './signaling.ts';

/** Every route of video, and every type of frame on its socket. */
export const videoRoutes: readonly Route<VideoContext>[] = routesOf(video, {
  ...callRoutes,
  ...hostControlRoutes,
  ...iceServerRoutes,
  ...qualityRoutes,
  ...ringingRoutes,
  ...pushTokenRoutes,
  ...sfuRoutes,
  ...signalingRoutes,
});
