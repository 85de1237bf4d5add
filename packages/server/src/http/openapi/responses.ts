import { errorCodes, errorTable, type Task } from '@portico/schemas';
import { z } from 'zod';
import { reference, withoutDialect } from './schemas.ts';

type JsonObject = Record<string, unknown>;

const requestIdHeader: JsonObject = {
  'x-request-id': { description: 'Finds the request in the logs.', schema: { type: 'string' } },
};
const retryAfterHeader: JsonObject = {
  'retry-after': { description: 'Seconds after which to retry.', schema: { type: 'integer' } },
};
const timingHeader: JsonObject = {
  'server-timing': {
    description: 'Milliseconds in the queue, decoding, inference and postprocessing.',
    schema: { type: 'string' },
  },
};

const retryAfterStatuses = new Set<number>([errorTable.RATE_LIMITED.status, errorTable.OVERLOADED.status]);

/** An answer in JSON. */
export const jsonResponse = (schema: JsonObject, description: string): JsonObject => ({
  description,
  headers: requestIdHeader,
  content: { 'application/json': { schema } },
});

/** A model's answer, as JSON and as whatever else it comes. */
export const inferenceResponse = (schema: JsonObject, description: string, others: JsonObject = {}): JsonObject => ({
  description,
  headers: { ...requestIdHeader, ...timingHeader },
  content: { 'application/json': { schema }, ...others },
});

/** The other media types that a task answers with. */
export const otherContents = ({ produces, item }: Task): JsonObject => ({
  ...(produces === undefined ? {} : { [produces.mediaType]: { schema: { type: 'string', format: 'binary' } } }),
  ...(item === undefined ? {} : { 'text/event-stream': { schema: { type: 'string', description: eventsOf(item) } } }),
});

const eventsOf = (item: z.ZodType): string =>
  'Server-sent events: `item` for each item as soon as it is known, then `result` with the whole answer, or `error` ' +
  `with a problem. An item is ${item.meta()?.id ?? JSON.stringify(withoutDialect(z.toJSONSchema(item)))}.`;

/** A problem for each of these statuses. */
export function problemResponses(statuses: readonly number[]): JsonObject {
  return Object.fromEntries(statuses.map((status) => [status, problemResponse(status)]));
}

/** Everything that a request to a model can be refused with. */
export const inferenceProblems = [400, 401, 406, 408, 413, 415, 422, 429, 431, 500, 503, 504];

function problemResponse(status: number): JsonObject {
  const codes = errorCodes.filter((code) => errorTable[code].status === status);
  return {
    description: codes.map((code) => `${code}: ${errorTable[code].meaning}`).join('\n\n'),
    headers: { ...requestIdHeader, ...(retryAfterStatuses.has(status) ? retryAfterHeader : {}) },
    content: { 'application/problem+json': { schema: reference('Problem') } },
  };
}
