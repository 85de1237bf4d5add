import { defineTask, image, tensorOutput } from '@portico/schemas';
import { z } from 'zod';
import type { ModelOutput } from './define-model.ts';

const plain = defineTask({
  name: 'plain',
  summary: 'A task without warnings.',
  accepts: image(),
  params: z.object({}),
  output: z.object({ scores: tensorOutput('float32'), label: z.string().default('none') }),
});
const warning = defineTask({
  name: 'warning',
  summary: 'A task with a warning.',
  accepts: image(),
  params: z.object({}),
  output: z.object({ label: z.string() }),
  warnings: { small: 'The picture is small.' },
});

declare const output: ModelOutput<typeof plain>;
output.scores.data satisfies readonly (number | null)[];

({ label: 'cat' }) satisfies ModelOutput<typeof warning>;
({ label: 'cat', warnings: [{ code: 'small' }] }) satisfies ModelOutput<typeof warning>;
({ label: 'cat', warnings: [{ code: 'small', message: '8 px.' }] }) satisfies ModelOutput<typeof warning>;

// @ts-expect-error The output lacks a field.
({ warnings: [{ code: 'small' }] }) satisfies ModelOutput<typeof warning>;
// @ts-expect-error The task has no such warning.
({ label: 'cat', warnings: [{ code: 'large' }] }) satisfies ModelOutput<typeof warning>;
// @ts-expect-error A tensor has a shape.
({ label: 'cat', scores: { data: [1] } }) satisfies ModelOutput<typeof plain>;
