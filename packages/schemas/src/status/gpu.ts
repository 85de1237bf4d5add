import { z } from 'zod';

/** One GPU as NVML reports it. A field is null where the device does not support it. */
export const Gpu = z
  .object({
    index: z.int().nonnegative(),
    name: z.string(),
    uuid: z.string().nullable(),
    temperatureCelsius: z.number().nullable(),
    utilizationPercent: z.number().min(0).max(100).nullable(),
    memoryUsedBytes: z.number().nonnegative().nullable(),
    memoryTotalBytes: z.number().nonnegative().nullable(),
    powerWatts: z.number().nonnegative().nullable(),
  })
  .meta({ id: 'Gpu' });
export type Gpu = z.infer<typeof Gpu>;

/** The answer of `GET /gpu`. */
export const GpuStatus = z
  .discriminatedUnion('available', [
    z.object({
      available: z.literal(true),
      sampledAt: z.iso.datetime().describe('When NVML was read.'),
      gpus: z.array(Gpu),
    }),
    z.object({ available: z.literal(false), reason: z.string(), gpus: z.tuple([]) }),
  ])
  .meta({ id: 'GpuStatus' });
export type GpuStatus = z.infer<typeof GpuStatus>;
