/** Everything below is a delivery. */
export const signalsPrefix = '/api/v1/signals/';
export const prometheusPath = '/api/v1/signals/prometheus';
export const kubernetesEventPath = '/api/v1/signals/kubernetes-event';
/** Where deliveries arrive. */
export const signalPaths = [prometheusPath, kubernetesEventPath] as const;
