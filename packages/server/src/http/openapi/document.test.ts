import { type Task, tasks } from '@portico/schemas';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { openApiDocument } from './document.ts';

it.each(Object.values<Task>(tasks))('is valid OpenAPI 3.1 for $name, references included', async (task) => {
  const validator = new Validator();
  const { errors } = await validator.validate(
    openApiDocument([task], { tensors: ['net'], maxBatchItems: 32, needsKey: true }),
  );
  expect(errors ?? []).toEqual([]);
  expect(validator.version).toBe('3.1');
});
