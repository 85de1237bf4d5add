import {
  type ArgumentsHost,
  Catch,
  createParamDecorator,
  type ExceptionFilter,
  type ExecutionContext,
} from '@nestjs/common';
import { PorticoError, type PorticoErrorCode } from '@portico/sdk';
import type { Response } from 'express';

/** Injects the client of the model server. */
export const PORTICO = Symbol('Portico');

/** Injects a signal that aborts when the client of this server closes its connection. */
export const Closed = createParamDecorator((_data: unknown, context: ExecutionContext): AbortSignal => {
  const controller = new AbortController();
  context
    .switchToHttp()
    .getResponse<Response>()
    .once('close', () => controller.abort());
  return controller.signal;
});

/** For errors without a status, and for those of this server rather than its client. */
const statuses: Partial<Record<PorticoErrorCode, number>> = {
  BAD_INPUT: 400,
  UNAUTHORIZED: 502,
  NOT_FOUND: 502,
  NETWORK: 502,
  TIMEOUT: 504,
};

/** Answers with the status and the message of an error of the model server. */
@Catch(PorticoError)
export class PorticoFilter implements ExceptionFilter<PorticoError> {
  catch({ code, status = 500, message, retryAfterSeconds }: PorticoError, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      // What has been written still arrives.
      response.socket?.destroySoon();
      return;
    }
    if (retryAfterSeconds !== undefined) response.set('retry-after', String(Math.ceil(retryAfterSeconds)));
    response
      .status(statuses[code] ?? status)
      .type('json')
      .json({ code, message });
  }
}
