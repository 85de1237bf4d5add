import type { SessionSignature } from '@portico/server/model';

/** The tensors of the ONNX file, as "portico inspect FILE --signature" prints them. A name or null is an axis of any length. */
export const signature = {
  inputs: {
    bill_length_mm: { type: 'float32', shape: [null, 1] },
    bill_depth_mm: { type: 'float32', shape: [null, 1] },
    flipper_length_mm: { type: 'float32', shape: [null, 1] },
    body_mass_g: { type: 'float32', shape: [null, 1] },
    island: { type: 'string', shape: [null, 1] },
    sex: { type: 'string', shape: [null, 1] },
  },
  outputs: {
    label: { type: 'string', shape: [null] },
    probabilities: { type: 'float32', shape: [null, 3] },
  },
} as const satisfies SessionSignature;
