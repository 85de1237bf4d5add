import type { Session, SessionSignature } from './session.ts';
import { Tensor } from './tensor.ts';

const signature = {
  inputs: {
    image: { type: 'float32', shape: ['batch', 3, 224, 224] },
    types: { type: 'int64', shape: [null], optional: true },
  },
  outputs: {
    'scores:0': { type: 'float32', shape: ['batch', 10] },
    labels: { type: 'string', shape: null, optional: true },
  },
} as const satisfies SessionSignature;

declare const session: Session<typeof signature>;
const image = new Tensor('float32', new Float32Array(3), [1, 3, 224, 224]);
const types = new Tensor('int64', BigInt64Array.of(0n), [1]);

const outputs = await session.run({ image, types });
outputs['scores:0'].data satisfies Float32Array;
outputs.labels?.data satisfies readonly string[] | undefined;
await session.run({ image });

// @ts-expect-error An input is missing.
await session.run({ types });
// @ts-expect-error There is no input of that name.
await session.run({ image, imagine: image });
// @ts-expect-error The input is of another type.
await session.run({ image: types });
// @ts-expect-error There is no output of that name.
outputs.scores satisfies unknown;
// @ts-expect-error The output holds other values.
outputs['scores:0'].data satisfies Float64Array;
// @ts-expect-error The file may lack the output.
outputs.labels.data satisfies readonly string[];
// @ts-expect-error Values of another type.
new Tensor('int64', Float32Array.of(1), [1]) satisfies Tensor;
// @ts-expect-error There is no such type.
({ inputs: { x: { type: 'float', shape: [1] } }, outputs: {} }) satisfies SessionSignature;

/** A session of a signature that is only known at run time. */
declare const any: Session;
const loose = await any.run({ whatever: image });
loose['whatever']?.data satisfies Tensor['data'] | undefined;
any satisfies Session;
