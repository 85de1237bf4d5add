import { Gpu } from '@portico/schemas';
import { z } from 'zod';

/** What the monitor process writes to its parent: one JSON object a line. */
export const MonitorMessage = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('sample'),
    sampledAt: z.iso.datetime(),
    driverVersion: z.string(),
    gpus: z.array(Gpu),
    problems: z.array(z.string()).describe('What could not be read, though the device claims to support it.'),
  }),
  z.object({
    kind: z.literal('unavailable'),
    reason: z.string(),
    permanent: z.boolean().describe('True where asking again will not help: there is no NVIDIA driver.'),
  }),
]);
export type MonitorMessage = z.infer<typeof MonitorMessage>;
export type MonitorSample = Extract<MonitorMessage, { kind: 'sample' }>;
