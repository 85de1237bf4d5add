import { defineTask, json } from '@portico/schemas';
import { z } from 'zod';

/** Double four numbers. */
export const double = defineTask({
  name: 'double',
  summary: 'Double four numbers.',
  accepts: json(z.object({ values: z.array(z.number()).length(4) })),
  params: z.object({ digits: z.int().min(0).max(10).default(3).describe('Decimal places of the result.') }),
  output: z.object({ values: z.array(z.number()) }),
});

export const tasks = { double };
