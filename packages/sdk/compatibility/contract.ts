import { appRouter } from '@portico/api';
import {
  errorTable,
  FileValue,
  GpuStatus,
  Health,
  ModelList,
  Problem,
  ReadyStatus,
  type Task,
  TensorCall,
  tasks,
} from '@portico/schemas';
import type { AnyTRPCProcedure } from '@trpc/server';
import { z } from 'zod';

/** JSON Schema, as Zod writes it. */
type JsonSchema = Readonly<Record<string, unknown>>;

/** What a task takes: media types, the files of a form, or a JSON value. */
interface AcceptsContract {
  readonly kind: string;
  readonly mediaTypes?: readonly string[];
  readonly parts?: Readonly<Record<string, AcceptsContract>>;
  readonly schema?: JsonSchema;
}

/** The contract of one task. */
interface TaskContract {
  readonly summary: string;
  readonly accepts: AcceptsContract;
  readonly params: JsonSchema;
  readonly output: JsonSchema;
  readonly item: JsonSchema | null;
  readonly produces: { readonly mediaType: string; readonly field: string } | null;
}

/** What clients of one version rely on. */
export interface Contract {
  readonly version: string;
  readonly tasks: Readonly<Record<string, TaskContract>>;
  readonly errors: Readonly<Record<string, { status: number; title: string; retryable: boolean }>>;
  /** What clients send besides the inputs of tasks. */
  readonly inputs: Readonly<Record<string, JsonSchema>>;
  /** What the server sends besides the outputs of tasks. */
  readonly outputs: Readonly<Record<string, JsonSchema>>;
  /** The tRPC procedures by path, each a query or a mutation. */
  readonly procedures: Readonly<Record<string, string>>;
}

const inputs = { FileValue, TensorCall };
/** `code` is left out: the error table has it, and clients handle a code that is new to them. */
const outputs = { Problem: Problem.omit({ code: true }), Health, ReadyStatus, ModelList, GpuStatus };
/** By path; the types of the router nest them. */
const procedures = appRouter._def.procedures as unknown as Readonly<Record<string, AnyTRPCProcedure>>;

/** The contract of this tree as JSON. */
export function currentContract(version: string): Contract {
  const contract: Contract = {
    version,
    tasks: mapValues(tasks, taskContract),
    errors: mapValues(errorTable, ({ status, title, retryable }) => ({ status, title, retryable })),
    inputs: mapValues(inputs, (schema) => jsonSchema(schema, 'input')),
    outputs: mapValues(outputs, (schema) => jsonSchema(schema, 'output')),
    procedures: mapValues(procedures, ({ _def }) => _def.type),
  };
  // Drops what JSON cannot hold, so that it equals its own file.
  return JSON.parse(JSON.stringify(contract)) as Contract;
}

function taskContract({ summary, accepts, params, output, item, produces }: Task): TaskContract {
  return {
    summary,
    accepts: acceptsOf(accepts),
    params: jsonSchema(params, 'input'),
    output: jsonSchema(output, 'output'),
    item: item === undefined ? null : jsonSchema(item, 'output'),
    produces: produces ?? null,
  };
}

function acceptsOf(accepts: Task['accepts']): AcceptsContract {
  if (accepts.kind === 'json') return { kind: accepts.kind, schema: jsonSchema(accepts.schema, 'input') };
  if (accepts.kind === 'form') return { kind: accepts.kind, parts: mapValues(accepts.parts, acceptsOf) };
  return { kind: accepts.kind, mediaTypes: accepts.mediaTypes };
}

/** JSON has no bytes and typed arrays; they are written as anything. */
const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema;

function mapValues<Value, Mapped>(record: Readonly<Record<string, Value>>, map: (value: Value) => Mapped) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
