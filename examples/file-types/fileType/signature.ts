import type { SessionSignature } from '@portico/server/model';

/** The tensors of the ONNX file, as "portico inspect FILE --signature" prints them. A name or null is an axis of any length. */
export const signature = {
  inputs: {
    bytes: { type: 'int32', shape: ['unk__214', 2048] },
  },
  outputs: {
    target_label: { type: 'float32', shape: ['unk__215', 214] },
  },
} as const satisfies SessionSignature;
