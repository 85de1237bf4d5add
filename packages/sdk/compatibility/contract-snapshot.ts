import { appRouter } from '@portico/api';
import {
  type ErrorCode,
  errorCodes,
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
import type { Contract, ErrorContract, JsonSchema, TaskContract } from './contract.ts';

/** `code` is left out: the error table has it, and clients know what to do with a code that is new to them. */
const sent = { Problem: Problem.omit({ code: true }), Health, ReadyStatus, ModelList, GpuStatus };
const taken = { FileValue, TensorCall };
/** By path; the types of the router nest them. */
const procedures = appRouter._def.procedures as unknown as Readonly<Record<string, AnyTRPCProcedure>>;

/** What clients of this version may rely on, as JSON. */
export function contractSnapshot(version: string): Contract {
  const contract: Contract = {
    version,
    tasks: mapValues(tasks, taskContract),
    errors: Object.fromEntries(errorCodes.map((code) => [code, errorContract(code)])),
    inputs: mapValues(taken, (schema) => jsonSchema(schema, 'input')),
    answers: mapValues(sent, (schema) => jsonSchema(schema, 'output')),
    procedures: mapValues(procedures, ({ _def }) => _def.type),
  };
  // Without what JSON does not hold, so that it equals its own file.
  return JSON.parse(JSON.stringify(contract)) as Contract;
}

function errorContract(code: ErrorCode): ErrorContract {
  const { status, title, retryable } = errorTable[code];
  return { status, title, retryable };
}

function taskContract({ summary, accepts, params, output, item, produces }: Task): TaskContract {
  return {
    summary,
    accepts:
      accepts.kind === 'json'
        ? { kind: accepts.kind, schema: jsonSchema(accepts.schema, 'input') }
        : { kind: accepts.kind, mediaTypes: accepts.mediaTypes },
    params: jsonSchema(params, 'input'),
    output: jsonSchema(output, 'output'),
    item: item === undefined ? null : jsonSchema(item, 'output'),
    produces: produces ?? null,
  };
}

/** Bytes and typed arrays are none of JSON's types; they are written as anything. */
const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema;

function mapValues<Value, Mapped>(record: Readonly<Record<string, Value>>, map: (value: Value) => Mapped) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
