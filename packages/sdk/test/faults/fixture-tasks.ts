import type { TaskContracts } from '../../src/contract.ts';

/** Portico's tasks, and a model that only tests serve: it draws a grey square, whatever the picture. */
export interface FixtureTasks extends TaskContracts {
  draw: {
    accepts: 'image';
    input: never;
    params: { side?: number; shade?: number };
    output: { side: number; image: string };
    item: never;
    produces: 'image/png';
  };
}
