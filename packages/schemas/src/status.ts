import { z } from 'zod';
import { TensorDescription } from './tensors.ts';
import { Warning } from './warnings.ts';

/** The body of `GET /health`. */
export const Health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });
export type Health = z.infer<typeof Health>;

/** The execution provider that runs a model. */
export const Device = z.enum(['cuda', 'coreml', 'dml', 'webgpu', 'cpu']).meta({ id: 'Device' });
export type Device = z.infer<typeof Device>;

/** A device that was tried first and cannot be used. */
export const RefusedDevice = z.object({ device: Device, reason: z.string() }).meta({ id: 'RefusedDevice' });
export type RefusedDevice = z.infer<typeof RefusedDevice>;

/** How the outputs of a device compare with the CPU's. */
export const DeviceCheck = z
  .object({
    result: z.enum(['agrees', 'skipped']).describe('skipped: the detail says why nothing was compared.'),
    difference: z
      .number()
      .nonnegative()
      .nullable()
      .describe('Root of the mean square of the differences, as a share of that of the values on the CPU.'),
    detail: z.string(),
  })
  .meta({ id: 'DeviceCheck' });
export type DeviceCheck = z.infer<typeof DeviceCheck>;

const deviceFields = {
  device: Device.nullable().describe('Null until a replica has loaded.'),
  devicesRefused: z.array(RefusedDevice).describe('Devices preferred to this one, and why each is not used.'),
};

/** How far a model that is not ready has loaded. */
export const LoadProgress = z
  .object({
    stage: z
      .enum(['waiting', 'starting', 'downloading', 'verifying', 'loading', 'warming-up', 'failed'])
      .describe(
        'waiting: other models load first. starting: the engine process starts. failed: another attempt follows by itself.',
      ),
    detail: z.string().describe('The stage in words.'),
    elapsedSeconds: z.number().nonnegative().describe('Since the model began to load or lost its last replica.'),
    remainingSeconds: z
      .number()
      .nonnegative()
      .nullable()
      .describe('Estimated time until the model is ready; null while nothing is known to estimate it from.'),
    file: z
      .object({
        name: z.string(),
        number: z.int().positive().describe('Which of the files it is.'),
        count: z.int().positive().describe('How many files the model has.'),
        bytes: z.number().nonnegative().describe('How much of it has been downloaded or verified.'),
        totalBytes: z.number().nonnegative().nullable().describe('Null if the server does not say.'),
      })
      .nullable()
      .describe('The weights file that is being downloaded or verified.'),
    error: z.string().nullable().describe('Why the previous attempt failed.'),
  })
  .meta({ id: 'LoadProgress' });
export type LoadProgress = z.infer<typeof LoadProgress>;

/** Whether one model can serve requests. */
export const ModelReadiness = z
  .object({
    kind: z.enum(['task', 'tensors']).describe('task: it has a route of its own. tensors: it is served under /v2.'),
    name: z.string(),
    variant: z.string().describe('For a file of the model repository, its version.'),
    ...deviceFields,
    replicas: z.object({
      ready: z.int().nonnegative().describe('Replicas that have passed their warm-up and are serving.'),
      target: z.int().positive().describe('Replicas wanted.'),
    }),
    progress: LoadProgress.optional().describe('How far it is; absent once the model is ready.'),
  })
  .meta({ id: 'ModelReadiness' });
export type ModelReadiness = z.infer<typeof ModelReadiness>;

/** The body of `GET /ready`. */
export const Ready = z.object({ status: z.literal('ready'), models: z.array(ModelReadiness) }).meta({ id: 'Ready' });
export type Ready = z.infer<typeof Ready>;

/** The body of `GET /ready` while the server is not ready, with status 503. */
export const NotReady = z
  .object({
    status: z.literal('not ready'),
    detail: z.string().describe('Which model is not ready, and why.'),
    models: z.array(ModelReadiness),
  })
  .meta({ id: 'NotReady' });
export type NotReady = z.infer<typeof NotReady>;

export const ReadyStatus = z.discriminatedUnion('status', [Ready, NotReady]);
export type ReadyStatus = z.infer<typeof ReadyStatus>;

/** One GPU as NVML reports it. A field is null if the device does not support it. */
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

/** The body of `GET /gpu`. */
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

const JsonSchema = z.record(z.string(), z.unknown());

/** The fields of every served model. */
const modelFields = {
  name: z.string(),
  ...deviceFields,
  deviceCheck: DeviceCheck.optional().describe(
    'The warm-up on another device than the CPU is compared with the CPU; a device whose outputs differ is refused.',
  ),
  weights: z.array(
    z.object({
      name: z.string(),
      source: z.string().describe('`npm:package/path`, `file:path` or a URL without its secrets.'),
      sha256: z.string().nullable().describe('Null until a replica has read a file that names none.'),
    }),
  ),
  maxBatch: z.int().positive().nullable().describe('Maximum inputs in one run; null until a replica has loaded.'),
  versions: z.object({ portico: z.string(), onnxruntime: z.string().nullable() }),
};

/** A model that implements a task. */
export const TaskModelDescription = z
  .object({
    kind: z.literal('task'),
    ...modelFields,
    variant: z.string(),
    variants: z.array(z.string()).describe('The variants that MODEL_NAME can select; the first is the default.'),
    summary: z.string(),
    inputKind: z
      .enum(['image', 'audio', 'file', 'form', 'json'])
      .describe('What the task takes: a picture, a recording, a file of any kind, several files, or a JSON value.'),
    accepts: z
      .array(z.string())
      .describe('Accepted media types. Those of a file may be ranges, such as `video/*`; several files are a form.'),
    parts: z
      .array(z.object({ name: z.string(), accepts: z.array(z.string()) }))
      .nullable()
      .describe('The files of a form, each with its media types; null if the task takes anything else.'),
    input: JsonSchema.nullable().describe('The JSON input as JSON Schema; null if the task takes files.'),
    params: JsonSchema.describe('The parameters as JSON Schema.'),
    output: JsonSchema.describe('The output as JSON Schema.'),
    answers: z
      .array(z.string())
      .describe('Media types of the response, for the Accept header; the first is the default.'),
    produces: z
      .object({ field: z.string(), mediaType: z.string() })
      .nullable()
      .describe(
        'The field of the output that is a data URL of bytes, which `Accept` gets alone; null if there is none.',
      ),
    warnings: z
      .array(Warning)
      .describe('The warnings that an output may have, with what they mean; empty if it has none.'),
    item: JsonSchema.nullable().describe('One item of the stream as JSON Schema; null if the task does not stream.'),
  })
  .meta({ id: 'TaskModelDescription' });

/** A file of the model repository, served under /v2 and by `tensors.infer`. */
export const TensorModelDescription = z
  .object({
    kind: z.literal('tensors'),
    ...modelFields,
    version: z.string(),
    inputs: z.array(TensorDescription).nullable().describe('Null until a replica has loaded.'),
    outputs: z.array(TensorDescription).nullable().describe('Null until a replica has loaded.'),
  })
  .meta({ id: 'TensorModelDescription' });

/** A served model. */
export const ModelDescription = z
  .discriminatedUnion('kind', [TaskModelDescription, TensorModelDescription])
  .meta({ id: 'ModelDescription' });
export type ModelDescription = z.infer<typeof ModelDescription>;

/** The body of `GET /models`. */
export const ModelList = z.object({ models: z.array(ModelDescription) }).meta({ id: 'ModelList' });
export type ModelList = z.infer<typeof ModelList>;
