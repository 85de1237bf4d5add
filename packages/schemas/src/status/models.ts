import { z } from 'zod';
import { TensorMetadata } from '../tensors/tensor-metadata.ts';
import { Device, RefusedDevice } from './ready.ts';

const JsonSchema = z.record(z.string(), z.unknown());

/** What can be told of a model whatever it does. */
const common = {
  name: z.string(),
  device: Device.nullable().describe('Null until a replica has loaded.'),
  devicesRefused: z.array(RefusedDevice).describe('Devices that come before this one and why they are not used.'),
  weights: z.array(
    z.object({
      name: z.string(),
      source: z.string().describe('`npm:package/path`, `file:path` or a URL without its secrets.'),
      sha256: z.string().nullable().describe('Null until a replica has read a file that names none.'),
    }),
  ),
  maxBatch: z.int().positive().nullable().describe('Most inputs in one run; null until a replica has loaded.'),
  versions: z.object({ portico: z.string(), onnxruntime: z.string().nullable() }),
};

/** A model that implements a task. */
export const TaskModelDescription = z
  .object({
    kind: z.literal('task'),
    ...common,
    variant: z.string(),
    variants: z.array(z.string()).describe('What MODEL_NAME may ask for; the first is the default.'),
    summary: z.string(),
    accepts: z.array(z.string()).describe('Accepted media types.'),
    params: JsonSchema.describe('The parameters as JSON Schema.'),
    output: JsonSchema.describe('The answer as JSON Schema.'),
    answers: z
      .array(z.string())
      .describe('Media types of the answer, for the Accept header; the first is the default.'),
    item: JsonSchema.nullable().describe('One item of the stream as JSON Schema; null where the task does not stream.'),
  })
  .meta({ id: 'TaskModelDescription' });

/** A file of the model repository, asked under /v2 and by `tensors.infer`. */
export const TensorModelDescription = z
  .object({
    kind: z.literal('tensors'),
    ...common,
    version: z.string(),
    inputs: z.array(TensorMetadata).nullable().describe('Null until a replica has loaded.'),
    outputs: z.array(TensorMetadata).nullable().describe('Null until a replica has loaded.'),
  })
  .meta({ id: 'TensorModelDescription' });

/** A served model and everything a client or an operator may ask about it. */
export const ModelDescription = z
  .discriminatedUnion('kind', [TaskModelDescription, TensorModelDescription])
  .meta({ id: 'ModelDescription' });
export type ModelDescription = z.infer<typeof ModelDescription>;

/** The answer of `GET /models`. */
export const ModelList = z.object({ models: z.array(ModelDescription) }).meta({ id: 'ModelList' });
export type ModelList = z.infer<typeof ModelList>;
