import { signals } from '@secureconnect/contracts/endpoints';

/** Every path below this prefix is a delivery. */
export const signalsPrefix = '/api/v1/signals/';
/** Where deliveries arrive. */
export const signalPaths = [
  signals.receivePrometheusAlerts.path,
  signals.receiveKubernetesEvent.path,
] as const;
