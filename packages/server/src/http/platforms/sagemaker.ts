import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { warningsHeader } from '../metrics.ts';
import { headLengthHeader } from '../v2/routes.ts';

// SageMaker passes on only four headers of a client: Content-Type, Accept, X-Amzn-SageMaker-Custom-Attributes and
// X-Amzn-SageMaker-Target-Model. What others carry elsewhere is in the first three.
// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html

export const attributesHeader = 'x-amzn-sagemaker-custom-attributes';
/** Attributes that are headers elsewhere. */
const headerAttributes = new Set(['accept', 'x-timeout-seconds']);
const parameterPrefix = 'params.';

/** How Triton's container on SageMaker says how long the JSON before binary data is. */
const binaryType = 'application/vnd.sagemaker-triton.binary+json';
const binaryTypeOf = (headBytes: number | string): string => `${binaryType};json-header-size=${headBytes}`;

declare module 'fastify' {
  interface FastifyRequest {
    /** It came from SageMaker; with `binary` the length of its JSON in the content type, where that of the response is to be too. */
    sageMaker?: { binary: boolean };
  }
}

/**
 * A hook that moves a SageMaker client's custom attributes to the headers and the query that the other code reads:
 * `x-timeout-seconds=5`, `accept=text/event-stream` and `params.NAME=VALUE`, separated by commas. Other attributes are
 * the client's own.
 */
export function readCustomAttributes(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  request.sageMaker = { binary: false };
  const attributes = request.headers[attributesHeader];
  if (typeof attributes === 'string') {
    for (const attribute of attributes.split(',')) {
      const [, name = '', value = ''] = /^\s*([\w.-]+)=(.*)$/.exec(attribute) ?? [];
      if (headerAttributes.has(name.toLowerCase())) request.headers[name.toLowerCase()] = value.trim();
      else if (name.startsWith(parameterPrefix))
        (request.query as Record<string, string>)[name.slice(parameterPrefix.length)] = value.trim();
    }
  }
  done();
}

/** A hook for tensors, with the length of the JSON in the content type; without any, all is the one input's bytes. */
export function readBinaryType(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  const type = request.headers['content-type'] ?? '';
  const [, headBytes] =
    /^application\/vnd\.sagemaker-triton\.binary\+json;\s*json-header-size=(\d{1,15})\s*$/i.exec(type) ?? [];
  if (headBytes !== undefined) {
    request.headers[headLengthHeader] = headBytes;
    request.sageMaker = { binary: true };
  } else if (/^application\/octet-stream\b/i.test(type)) request.headers[headLengthHeader] ??= '0';
  done();
}

/** Puts the request ID and warnings into the custom attributes of responses: SageMaker drops their headers. Errors have the ID in their body. */
export function writeToSageMaker(app: FastifyInstance): void {
  app.addHook('onSend', ({ id, sageMaker }, reply, _payload, done) => {
    if (sageMaker !== undefined && reply.statusCode < 400) {
      const warnings = reply.getHeader(warningsHeader);
      // A comma ends an attribute.
      const codes = warnings === undefined ? '' : `,${warningsHeader}=${String(warnings).replaceAll(', ', ';')}`;
      reply.header(attributesHeader, `x-request-id=${id}${codes}`);
    }
    const headBytes = reply.getHeader(headLengthHeader);
    if (sageMaker?.binary === true && headBytes !== undefined)
      reply.header('content-type', binaryTypeOf(String(headBytes)));
    done();
  });
}
