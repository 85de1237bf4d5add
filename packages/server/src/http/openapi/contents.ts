import type { Task } from '@portico/schemas';
import { warningsHeader } from '../metrics.ts';
import { exampleOf } from './examples.ts';
import { requestIdHeader } from './problems.ts';
import { type JsonObject, reference, referenceTo } from './schemas.ts';

export const binary: JsonObject = { type: 'string', format: 'binary' };

export const timingHeader: JsonObject = {
  'server-timing': {
    description: 'Milliseconds in the queue, decoding, inference and postprocessing.',
    required: true,
    schema: { type: 'string' },
  },
};

const warningsHeaderOf = ({ warnings = {} }: Task): JsonObject => {
  const codes = Object.keys(warnings);
  if (codes.length === 0) return {};
  const description = 'The codes of the warnings, separated by commas; absent without any.';
  return { [warningsHeader]: { description, schema: { type: 'string' }, example: codes[0] } };
};

/** A response in JSON. */
export const jsonResponse = (schema: JsonObject, description: string, example?: unknown): JsonObject => ({
  description,
  headers: requestIdHeader,
  content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } },
});

/** A task's output as JSON, and in its other media types. */
export function inferenceResponse(task: Task): JsonObject {
  const { produces, item, output } = task;
  const example = exampleOf(output, 'output');
  const headers = { ...requestIdHeader, ...timingHeader, ...warningsHeaderOf(task) };
  return {
    description: item === undefined ? 'The output.' : 'The output, or its items as they are found.',
    // A stream starts before its times are known.
    headers: item === undefined ? headers : { ...headers, ...optional(timingHeader) },
    content: {
      'application/json': { schema: referenceTo(output), ...(example === undefined ? {} : { example }) },
      ...(produces === undefined ? {} : { [produces.mediaType]: { schema: binary } }),
      ...(item === undefined ? {} : { 'text/event-stream': eventStream(task, example) }),
    },
  };
}

/** The same headers, where a response may lack them. */
const optional = (headers: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(headers).map(([name, header]) => [name, { ...(header as object), required: false }]),
  );

/** OpenAPI 3.1 has no words for the events of a stream: `x-events` says what the data of each is. */
function eventStream({ item, output }: Task, result: unknown): JsonObject {
  if (item === undefined) return {};
  const first = exampleOf(item, 'output');
  const events = [
    ...(first === undefined ? [] : [`event: item\ndata: ${JSON.stringify(first)}\n\n`]),
    ...(result === undefined ? [] : [`event: result\ndata: ${JSON.stringify(result)}\n\n`]),
  ];
  return {
    schema: {
      type: 'string',
      description:
        'Server-sent events with an `id` that counts from 1 and JSON as `data`: `item` for each item as soon as it is found, ' +
        'then `result` with the whole output, or `error` with a problem. Lines that start with a colon are comments.',
    },
    'x-events': { item: referenceTo(item), result: referenceTo(output), error: reference('Problem') },
    example: events.map((text, index) => `id: ${index + 1}\n${text}`).join(''),
  };
}
