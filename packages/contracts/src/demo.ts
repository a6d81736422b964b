import { z } from 'zod';

/** Whether the Redis that `npm start` runs is up. */
export const DemoRedis = z.strictObject({
  is_running: z.boolean().meta({ description: 'Whether Redis runs.' }),
});
export type DemoRedis = z.infer<typeof DemoRedis>;
