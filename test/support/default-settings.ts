/** The settings that fallbacks depend on, as they are when nobody sets them. */
export const defaultSettings = { ENABLE_STATELESS_AUTH: false };
