import { posix } from 'node:path';
import { Datatype, type Device, type TensorMetadata } from '@portico/schemas';
import { z } from 'zod';
import type { ServedTensors } from '../gateway.ts';
import { signatureOf } from '../infer-tensors.ts';

/** What Triton calls ONNX files; some clients look at it. */
export const platform = 'onnxruntime_onnx';

/** Triton's words for datatypes: `BYTES` is a string there. */
const typeOf = (datatype: Datatype): `TYPE_${string}` => `TYPE_${datatype === 'BYTES' ? 'STRING' : datatype}`;

const TensorConfig = z.object({
  name: z.string(),
  data_type: z.enum(Datatype.options.map(typeOf)),
  dims: z.array(z.int()).describe('The whole shape: -1 where any length is accepted.'),
});

/** As much of Triton's `ModelConfig` as says something about an ONNX file. */
export const TensorModelConfig = z
  .object({
    name: z.string(),
    platform: z.string(),
    backend: z.string(),
    version_policy: z.object({ all: z.object({}) }),
    max_batch_size: z.literal(0).describe('Clients send the whole shape, with the axis of rows if there is one.'),
    input: z.array(TensorConfig.extend({ format: z.literal('FORMAT_NONE'), optional: z.literal(false) })),
    output: z.array(TensorConfig),
    instance_group: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['KIND_CPU', 'KIND_GPU', 'KIND_AUTO']),
        count: z.int().nonnegative().describe('Replicas.'),
        gpus: z.array(z.int()),
      }),
    ),
    default_model_filename: z.string(),
    parameters: z.object({}),
    model_transaction_policy: z.object({ decoupled: z.literal(false) }),
  })
  .meta({ id: 'TensorModelConfig' });
export type TensorModelConfig = z.infer<typeof TensorModelConfig>;

/** A model as Triton's model configuration extension describes it. Throws `NOT_READY` until a replica has loaded. */
export function modelConfig(served: ServedTensors): TensorModelConfig {
  const { inputs, outputs } = signatureOf(served);
  const { name, weights, dispatcher } = served;
  const { device = 'cpu', deviceIndex = 0 } = dispatcher.info ?? {};
  return {
    name,
    platform,
    backend: 'onnxruntime',
    version_policy: { all: {} },
    max_batch_size: 0,
    input: inputs.map((input) => ({ ...tensorConfig(input), format: 'FORMAT_NONE', optional: false })),
    output: outputs.map(tensorConfig),
    instance_group: [
      {
        name: `${name}_0`,
        kind: kindOf(device),
        count: dispatcher.replicas.target,
        gpus: device === 'cuda' ? [deviceIndex] : [],
      },
    ],
    default_model_filename: posix.basename(weights[0]?.source.replaceAll('\\', '/') ?? ''),
    parameters: {},
    model_transaction_policy: { decoupled: false },
  };
}

const tensorConfig = ({ name, datatype, shape }: TensorMetadata) => ({
  name,
  data_type: typeOf(datatype),
  dims: [...shape],
});

/** Triton's only GPUs are those of CUDA. */
function kindOf(device: Device): 'KIND_CPU' | 'KIND_GPU' | 'KIND_AUTO' {
  if (device === 'cpu') return 'KIND_CPU';
  return device === 'cuda' ? 'KIND_GPU' : 'KIND_AUTO';
}
