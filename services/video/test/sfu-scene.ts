import { SfuAccess } from '@secureconnect/contracts';
import { liveKitKey, sfuEnvironment, type TestLiveKit, testLiveKit } from '@secureconnect/testkit';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { RoomServiceClient } from 'livekit-server-sdk';
import { newWorld, type TestVideo, type VideoReply, type World } from './harness.ts';

/** Calls through a real LiveKit server. */
export class SfuScene implements AsyncDisposable {
  readonly world: World;
  readonly video: TestVideo;
  readonly liveKit: TestLiveKit;
  /** As the operator of LiveKit sees the rooms. */
  readonly rooms: RoomServiceClient;

  private constructor(world: World, video: TestVideo, liveKit: TestLiveKit) {
    this.world = world;
    this.video = video;
    this.liveKit = liveKit;
    const { apiKey, apiSecret } = liveKitKey;
    this.rooms = new RoomServiceClient(`http://127.0.0.1:${liveKit.port}`, apiKey, apiSecret);
  }

  static async open(): Promise<SfuScene> {
    const world = await newWorld();
    const liveKit = await testLiveKit();
    const settings = { ...sfuEnvironment(liveKit.port), SFU_TOKEN_SECONDS: '30' };
    return new SfuScene(world, await world.start(settings), liveKit);
  }

  act(user: TestUser, callId: string, action: string): Promise<VideoReply> {
    return this.video.call(user, 'POST', `/v1/calls/${callId}/${action}`);
  }

  initiate(user: TestUser, conversationId: string): Promise<VideoReply> {
    return this.video.call(user, 'POST', '/v1/calls/initiate', {
      call_type: 'video',
      topology: 'sfu',
      conversation_id: conversationId,
    });
  }

  token(user: TestUser, callId: string): Promise<VideoReply> {
    return this.video.call(user, 'GET', `/v1/calls/${callId}/sfu-token`);
  }

  async accessOf(user: TestUser, callId: string): Promise<SfuAccess> {
    const reply = await this.token(user, callId);
    if (reply.status !== 200) throw new Error(reply.text);
    return SfuAccess.parse(reply.body.data);
  }

  /** The users in the room of a call. */
  async identities(callId: string): Promise<string[]> {
    return (await this.rooms.listParticipants(callId)).map(({ identity }) => identity);
  }

  /** A call that the second of two has answered, and that rings for the others. */
  async talking(...others: TestUser[]) {
    const [ada, bob] = [someone(), someone()];
    const conversationId = await this.world.conversation(ada, bob, ...others);
    const made = await this.initiate(ada, conversationId);
    const callId: string = made.body.data.call_id;
    const accepted = await this.act(bob, callId, 'accept');
    if (accepted.status !== 200) throw new Error(accepted.text);
    return { ada, bob, callId, conversationId };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.world[Symbol.asyncDispose]();
    await this.liveKit[Symbol.asyncDispose]();
  }
}
