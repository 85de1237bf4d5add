import { z } from 'zod';
import { changesBetween } from './changes-between.ts';
import type { Contract, JsonSchema, TaskContract } from './contract.ts';

/** A schema as JSON, seen by who writes such values or by who reads them. */
export const io = (schema: z.ZodType, direction: 'input' | 'output') =>
  z.toJSONSchema(schema, { io: direction }) as JsonSchema;

export interface Parts {
  readonly params?: z.ZodObject;
  readonly output?: z.ZodType;
  readonly accepts?: TaskContract['accepts'];
  readonly item?: z.ZodType;
  readonly produces?: TaskContract['produces'];
  readonly summary?: string;
}

/** A task with these parts, and plain others. */
export const task = ({ params = z.object({}), output = z.object({}), item, ...parts }: Parts): TaskContract => ({
  summary: 'Count.',
  accepts: { kind: 'image', mediaTypes: ['image/png'] },
  params: io(params.strict(), 'input'),
  output: io(output, 'output'),
  item: item === undefined ? null : io(item, 'output'),
  produces: null,
  ...parts,
});

const contract = (parts: Partial<Contract>): Contract => ({
  version: '1.0.0',
  tasks: {},
  errors: {},
  inputs: {},
  answers: {},
  procedures: {},
  ...parts,
});

/** The changes between two contracts that are these parts and nothing else, a line each. */
export const between = (released: Partial<Contract>, current: Partial<Contract>): string[] =>
  changesBetween(contract(released), contract(current)).map(({ step, where, what }) => `${step}: ${where} ${what}`);

export const ofTask = (released: Parts, current: Parts): string[] =>
  between({ tasks: { count: task(released) } }, { tasks: { count: task(current) } });

export const ofParameter = (released: z.ZodType, current: z.ZodType): string[] =>
  ofTask({ params: z.object({ p: released }) }, { params: z.object({ p: current }) });

export const ofField = (released: z.ZodType, current: z.ZodType): string[] =>
  ofTask({ output: z.object({ f: released }) }, { output: z.object({ f: current }) });

export const parameter = 'task count params.p';
export const field = 'task count output.f';
