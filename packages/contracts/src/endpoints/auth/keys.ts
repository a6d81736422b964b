import { DeviceKeyStatus, DeviceKeys, KeyBundles, NewOneTimePreKeys } from '../../device-keys.ts';
import { endpoint } from '../../endpoint.ts';

const keys = { tag: 'Keys', auth: 'bearer' } as const;

export const putDeviceKeys = endpoint({
  ...keys,
  route: 'PUT /v1/keys/device',
  id: 'putDeviceKeys',
  action: 'uploading keys',
  summary: 'Set the identity and the signed pre-key of this device (idempotent)',
  description:
    'A device is a session, and its keys end with it. The identity cannot change; log in again for a new one.',
  body: DeviceKeys,
  reply: DeviceKeyStatus,
  errors: ['CONFLICT'],
});

export const getDeviceKeys = endpoint({
  ...keys,
  route: 'GET /v1/keys/device',
  id: 'getDeviceKeys',
  action: 'reading keys',
  summary: 'Get the state of the keys of this device',
  description:
    'Tells how many one-time pre-keys are left, so that the device can add some in time; ask after opening the chat socket, whose frame `keys_low` is only a hint. NOT_FOUND until the device has set its keys.',
  reply: DeviceKeyStatus,
  errors: ['NOT_FOUND'],
});

export const addOneTimeKeys = endpoint({
  ...keys,
  route: 'POST /v1/keys/one-time',
  id: 'addOneTimeKeys',
  action: 'uploading one-time keys',
  summary: 'Add one-time pre-keys of this device (idempotent)',
  description:
    'Keys with an id that is not higher than last_one_time_key_id were uploaded before and are skipped.',
  body: NewOneTimePreKeys,
  reply: DeviceKeyStatus,
  errors: ['NOT_FOUND', 'CONFLICT'],
});

export const takeKeyBundles = endpoint({
  ...keys,
  route: 'POST /v1/keys/users/:user_id/bundles',
  id: 'takeKeyBundles',
  action: 'fetching keys',
  summary: 'Take a bundle of keys for each device of a user',
  description:
    'Each one-time pre-key is given out once. If none is left, use the signed pre-key alone (X3DH, 3.3). At most ten times an hour for the same user.',
  reply: KeyBundles,
  errors: ['NOT_FOUND'],
  limit: { bucket: 'key-bundles', perMinute: 60, countedBy: 'user' },
});
