import { z } from 'zod';
import { Datatype } from './datatype.ts';

/** A tensor that a model takes or gives. */
export const TensorMetadata = z
  .object({
    name: z.string(),
    datatype: Datatype,
    shape: z.array(z.int()).describe('The length of each axis; -1 where any length will do.'),
  })
  .meta({ id: 'TensorMetadata' });
export type TensorMetadata = z.infer<typeof TensorMetadata>;

/** All tensors of a model. */
export interface TensorSignature {
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
}
