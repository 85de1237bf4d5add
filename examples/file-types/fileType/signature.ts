import type { SessionSignature } from '@portico/server/model';

export const signature = {
  inputs: {
    bytes: { type: 'int32', shape: [null, 2048] },
  },
  outputs: {
    target_label: { type: 'float32', shape: [null, 214] },
  },
} as const satisfies SessionSignature;
