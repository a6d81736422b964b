/** The services behind the gateway. */
export const upstreamNames = ['auth', 'chat', 'video', 'storage'] as const;
export type UpstreamName = (typeof upstreamNames)[number];
