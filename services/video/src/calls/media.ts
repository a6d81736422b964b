import type { VideoContext } from '../context.ts';
import { accessFor } from '../sfu/sfu-access.ts';
import { iceServersFor } from '../turn/ice-servers.ts';
import type { CallRecord } from './call.ts';
import type { Media } from './call-reply.ts';

/** What a user who is in a call connects with: the peers by ICE, or the SFU. */
export async function mediaFor(
  { turn, sfu }: Pick<VideoContext, 'turn' | 'sfu'>,
  call: CallRecord,
  userId: string,
): Promise<Media> {
  return {
    iceServers: call.topology === 'sfu' ? [] : iceServersFor(turn, call, userId),
    sfu: sfu && (await accessFor(sfu.config, call, userId)),
  };
}
