import { defineTask, json } from '@portico/schemas';
import { z } from 'zod';

export const double = defineTask({
  name: 'double',
  summary: 'Double four numbers.',
  accepts: json(z.object({ values: z.array(z.number()).length(4) })),
  params: z.object({ times: z.int().default(1) }),
  output: z.object({ values: z.array(z.number()) }),
});
