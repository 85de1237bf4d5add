import { expect, test } from 'vitest';
import { z } from 'zod';
import { tasks } from './index.ts';

test.each(Object.entries(tasks))('%s is registered under its own name', (name, task) => {
  expect(task.name).toBe(name);
});

test.each(Object.values(tasks))('$name can be described as JSON Schema', (task) => {
  expect(z.toJSONSchema(task.params, { io: 'input' })).toMatchObject({ type: 'object', additionalProperties: false });
  expect(() => z.toJSONSchema(task.output)).not.toThrow();
});

test.each(Object.values(tasks))('every parameter of $name is described', (task) => {
  const { properties = {} } = z.toJSONSchema(task.params, { io: 'input' });
  for (const property of Object.values(properties)) expect(property).toHaveProperty('description');
});
