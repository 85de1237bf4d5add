import { type Task, tasks } from '@portico/schemas';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { taskPaths } from '../rest/openapi.ts';
import { tensorPaths } from '../v2/openapi.ts';
import { openApiDocument } from './document.ts';

it.each(Object.values<Task>(tasks))('is valid OpenAPI 3.1 for $name, references included', async (task) => {
  const validator = new Validator();
  const paths = { ...taskPaths(task, 32), ...tensorPaths(['net']) };
  const { errors } = await validator.validate(openApiDocument(paths, true));
  expect(errors ?? []).toEqual([]);
  expect(validator.version).toBe('3.1');
});
