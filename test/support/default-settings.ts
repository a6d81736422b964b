/** The settings that fallbacks depend on, as they are when nobody sets them. */
export const defaultSettings = { SIGN_IN_WITHOUT_REDIS: 'refuse' };
