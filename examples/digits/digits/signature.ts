import type { SessionSignature } from '@portico/server/model';

/** The tensors of the ONNX file, as "portico inspect FILE --signature" prints them. A name or null is an axis of any length. */
export const signature = {
  inputs: {
    image: { type: 'float32', shape: ['batch', 1, 28, 28] },
  },
  outputs: {
    logits: { type: 'float32', shape: ['batch', 10] },
  },
} as const satisfies SessionSignature;
