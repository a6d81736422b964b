import type { PushKind } from '@secureconnect/contracts';
import type { Parsed } from '@secureconnect/service';
import { type ApnsConfig, apnsConfig, apnsVariables } from './apns/apns-config.ts';
import { type FcmConfig, fcmConfig, fcmVariables } from './fcm/fcm-config.ts';
import { type PushSecrets, pushSecrets, pushSecretVariables } from './push-secret.ts';
import { type WebPushConfig, webPushConfig, webPushVariables } from './web/web-push-config.ts';

export const pushVariables = {
  ...pushSecretVariables,
  ...webPushVariables,
  ...fcmVariables,
  ...apnsVariables,
};

/** The kinds of push that are set up, and what encrypts their tokens. */
export interface PushConfig {
  readonly secrets: PushSecrets;
  readonly web: WebPushConfig | undefined;
  readonly fcm: FcmConfig | undefined;
  readonly apns: ApnsConfig | undefined;
}

type Given = Parsed<typeof pushVariables> & { readonly JWT_SECRET: string };

/** @throws ConfigError */
export function pushConfig(given: Given, production: boolean): PushConfig {
  const web = webPushConfig(given, production);
  const fcm = fcmConfig(given, production);
  const apns = apnsConfig(given, production);
  const isNeeded = [web, fcm, apns].some((one) => one !== undefined);
  return { secrets: pushSecrets(given, { production, isNeeded }), web, fcm, apns };
}

/** The kinds that tokens may be registered for. */
export function kindsIn({ web, fcm, apns }: PushConfig): PushKind[] {
  const configs = Object.entries({ web, fcm, apns } satisfies Record<PushKind, unknown>);
  return configs.flatMap(([kind, config]) => (config === undefined ? [] : [kind as PushKind]));
}
