/** Where remediation requests are kept, and how that is reached. */
export type SinkConfig = { readonly kind: 'postgres' } | KubernetesSinkConfig;

export interface KubernetesSinkConfig {
  readonly kind: 'kubernetes';
  /** The namespace that all requests are in, whatever namespace their signals are about. */
  readonly namespace: string;
  /** The path of a kubeconfig; undefined: the service account of the Pod that this runs in. */
  readonly kubeconfig: string | undefined;
}
