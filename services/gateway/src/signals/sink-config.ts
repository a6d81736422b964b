/** The store of remediation requests. */
export type SinkConfig = { readonly kind: 'postgres' } | KubernetesSinkConfig;

export interface KubernetesSinkConfig {
  readonly kind: 'kubernetes';
  /** The namespace of all requests, whatever the namespace of their signals. */
  readonly namespace: string;
  /** The path of a kubeconfig; undefined for the service account of this process's Pod. */
  readonly kubeconfig: string | undefined;
}
