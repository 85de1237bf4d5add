import { z } from 'zod';
import { errorCodes } from './error-table.ts';

/**
 * An error as a client receives it: problem details of RFC 9457 with a code, the request's id, when to come back and, for
 * 422, the issues.
 */
export const Problem = z
  .object({
    type: z.string().describe('A URI that names the kind of problem.'),
    title: z.string().describe('The kind of problem in words.'),
    status: z.int().describe('The HTTP status.'),
    detail: z.string().describe('What went wrong this time and what to do about it.'),
    code: z.enum(errorCodes).meta({ id: 'ErrorCode' }).describe('The kind of problem for programs.'),
    requestId: z.string().describe('The value of x-request-id, for finding the request in the logs.'),
    retryAfterSeconds: z
      .int()
      .nonnegative()
      .optional()
      .describe(
        'Seconds after which the same request has a chance. The Retry-After header says the same, where there is one.',
      ),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
