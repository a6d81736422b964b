export { type Decision, limitKey, type RateLimiter } from './limiter.ts';
export { createRateLimit, type RateLimit, type RateLimitOptions } from './rate-limit.ts';
export { minute, type Window } from './window.ts';
