import { Failure, type Task } from '@portico/schemas';
import type { FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';

/** The media types a task can answer with: JSON first, which is what a client gets who does not mind. */
export const answerTypes = (task: Task): readonly string[] => [
  'application/json',
  ...(task.produces === undefined ? [] : [task.produces.mediaType]),
  ...(task.item === undefined ? [] : ['text/event-stream']),
];

/**
 * The one of these types that the client's `Accept` header likes best; an empty header says nothing.
 * @throws {Failure} `NOT_ACCEPTABLE` when the client takes none of them.
 */
export function answerType(request: FastifyRequest, model: string, types: readonly string[]): string {
  const wanted = request.headers.accept === '' ? types[0] : new Negotiator(request.raw).mediaType([...types]);
  if (wanted !== undefined) return wanted;
  throw new Failure('NOT_ACCEPTABLE', `${model} answers ${types.join(' or ')}.`);
}
