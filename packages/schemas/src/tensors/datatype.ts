import { z } from 'zod';

/**
 * The element types of the Open Inference Protocol with the bytes of one element. `BYTES` are texts, each as long as it
 * likes. https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol
 */
export const elementBytes = {
  BOOL: 1,
  UINT8: 1,
  UINT16: 2,
  UINT32: 4,
  UINT64: 8,
  INT8: 1,
  INT16: 2,
  INT32: 4,
  INT64: 8,
  FP16: 2,
  BF16: 2,
  FP32: 4,
  FP64: 8,
  BYTES: null,
} as const satisfies Record<string, number | null>;

/** The element type of a tensor. */
export const Datatype = z.enum(Object.keys(elementBytes) as (keyof typeof elementBytes)[]).meta({ id: 'Datatype' });
export type Datatype = keyof typeof elementBytes;
