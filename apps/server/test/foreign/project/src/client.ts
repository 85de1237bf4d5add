import { createPortico } from '@portico/sdk';
import { createTRPC } from '@portico/sdk/trpc';
import { tasks } from './contract.js';

const [, , url = ''] = process.argv;
const portico = createPortico({ url, tasks });

export const mistakes = (): unknown[] => [
  // @ts-expect-error no task of the contract
  portico.ocr,
  // @ts-expect-error another input
  portico.double({ value: 1 }),
  // @ts-expect-error no such parameter
  portico.double({ values: [1, 2, 3, 4] }, { places: 1 }),
];

const { values } = await portico.double({ values: [0.123, 1, 2, 3] }, { digits: 1 });
const overTrpc = await createTRPC<typeof tasks>({ url }).double.infer.mutate({ input: { values: [5, 6, 7, 8] } });
const sum: number = [...values, ...overTrpc.values].reduce((total, value) => total + value, 0);
process.stdout.write(JSON.stringify({ values, overTrpc: overTrpc.values, sum }));
