import { z } from 'zod';

/** The answer of `GET /health`. */
export const Health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });
export type Health = z.infer<typeof Health>;
