import { z } from 'zod';

/** The execution provider that really runs. */
export const Device = z.enum(['cuda', 'coreml', 'dml', 'webgpu', 'cpu']).meta({ id: 'Device' });
export type Device = z.infer<typeof Device>;

/** A device that was tried first and cannot be used. */
export const RefusedDevice = z.object({ device: Device, reason: z.string() }).meta({ id: 'RefusedDevice' });
export type RefusedDevice = z.infer<typeof RefusedDevice>;

/** How far one model is. */
export const ModelReadiness = z
  .object({
    kind: z.enum(['task', 'tensors']).describe('What it is asked with: a route of its task, or tensors under /v2.'),
    name: z.string(),
    variant: z.string().describe('Of a file of the model repository, its version.'),
    device: Device.nullable().describe('Null until a replica has loaded.'),
    devicesRefused: z.array(RefusedDevice).describe('Devices that come before this one and why they are not used.'),
    replicas: z.object({
      ready: z.int().nonnegative().describe('Replicas that have passed their warm-up and are serving.'),
      target: z.int().positive().describe('Replicas wanted.'),
    }),
  })
  .meta({ id: 'ModelReadiness' });
export type ModelReadiness = z.infer<typeof ModelReadiness>;

/** The answer of `GET /ready`. */
export const Ready = z.object({ status: z.literal('ready'), models: z.array(ModelReadiness) }).meta({ id: 'Ready' });
export type Ready = z.infer<typeof Ready>;

/** The answer of `GET /ready` while the server is not ready, with status 503. */
export const NotReady = z
  .object({
    status: z.literal('not ready'),
    detail: z.string().describe('Which model is not ready and why.'),
    models: z.array(ModelReadiness),
  })
  .meta({ id: 'NotReady' });
export type NotReady = z.infer<typeof NotReady>;

export const ReadyStatus = z.discriminatedUnion('status', [Ready, NotReady]);
export type ReadyStatus = z.infer<typeof ReadyStatus>;
