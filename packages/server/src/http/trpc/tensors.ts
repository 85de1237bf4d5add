import { bytesToBase64, kindOf, PlainJson, type PlainKind } from '@portico/api';
import { type Datatype, Failure, type Tensor, type TensorCall, type TensorData } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { packTexts, typedArray, typedView, unpackTexts } from '../../tensors/values.ts';
import { elementCount, type RawTensor } from '../../tensors/raw-tensor.ts';
import { toFailure } from '../errors/error-response.ts';
import { findTensors, type Gateway, type ServedTensors } from '../gateway.ts';
import { inferOptions } from '../infer-items.ts';
import { inferTensors, signatureOf } from '../infer-tensors.ts';
import { tooLarge } from '../input/body.ts';
import { timeoutOf } from '../input/headers.ts';
import { checkedTensor, checkInputHeads, checkOutputNames, quoted } from '../input/tensors.ts';
import { largeBytes, type SplitJson } from '../input/split-json.ts';
import { joinedInTurns } from '../input/turn.ts';
import { checkJsonTexts, maxOutputTextBytes } from '../json-texts.ts';
import { serverTiming } from '../metrics.ts';
import { countUnread } from '../unread-responses.ts';
import { jsonFromBytes } from '../v2/json-values.ts';
import { isStreamed, largeMarker, minLargeBytes } from './outputs.ts';

/**
 * Strings in tensors are JSON, and SuperJSON and the router spend microseconds on each: more of them would block every
 * other request.
 */
export const maxCallStrings = 50_000;

/** The router writes a streamed output in one piece, which takes some 30 ms for so many control characters. */
const maxStreamedTextBytes = 1024 * 1024;

const useV2 = 'Request binary data from /v2.';

interface TensorCalls {
  readonly gateway: Gateway;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly settled: () => void;
}

/** What `tensors.infer` does, for one HTTP request. The router has checked the shape of the call. */
export function inferTensorsOf({ gateway, request, reply, settled }: TensorCalls) {
  return async (call: TensorCall): Promise<PlainJson> => {
    const served = findTensors(gateway.tensors, call.model, call.version);
    const { outputs, times } = await served.holds
      .during(() => infer(served, call))
      .finally(settled)
      .catch((error: unknown) => {
        const failure = toFailure(error);
        gateway.requests.ended(served.dispatcher.model, failure.code, reply.elapsedTime);
        throw failure;
      });
    gateway.requests.ended(served.dispatcher.model, 'ok', reply.elapsedTime);
    if (!reply.sent) reply.header('server-timing', serverTiming({ times }));
    return result(served, outputs);
  };

  /** Tensors with their values as base64 of the typed array of their datatype, or as strings. */
  async function result({ name: model, version }: ServedTensors, outputs: readonly RawTensor[]): Promise<PlainJson> {
    const kinds: Record<string, PlainKind> = {};
    const tensors: object[] = [];
    for (const [index, output] of outputs.entries()) {
      const { bytes } = output;
      const { name, datatype, shape } = output.head;
      if (datatype === 'BYTES') {
        tensors.push({ name, datatype, shape, data: await strings(output) });
        continue;
      }
      const values = typedView(datatype, bytes);
      const kind = kindOf(values);
      kinds[`outputs.${index}.data`] = kind === undefined ? 'bytes' : 'numbers';
      const base64 = largeMarker(request, { bytes, as: 'base64' }) ?? bytesToBase64(bytes);
      tensors.push({ name, datatype, shape, data: kind === undefined ? base64 : `${kind}:${base64}` });
    }
    return new PlainJson({ model, version, outputs: tensors }, kinds);
  }

  /** Many of them are written in turns. */
  async function strings(output: RawTensor): Promise<string | readonly string[]> {
    const isPlain = output.bytes.byteLength < minLargeBytes || isStreamed(request);
    const json = isPlain ? undefined : await joinedInTurns(jsonFromBytes(output));
    const marker = json === undefined ? undefined : largeMarker(request, { bytes: json, as: 'json' });
    return marker ?? unpackTexts(output.bytes) ?? [];
  }

  async function infer(served: ServedTensors, call: TensorCall) {
    const { maxUploadBytes } = gateway.limits;
    const signature = signatureOf(served);
    checkInputHeads(call.inputs, signature);
    if (call.outputs !== undefined)
      checkOutputNames(
        call.outputs.map((name) => ({ name })),
        signature,
      );
    const inputs: RawTensor[] = [];
    for (const input of call.inputs) inputs.push(await toRawTensor(input, request.largeParts));
    const inputBytes = inputs.reduce((sum, { head }) => sum + head.byteLength, 0);
    if (inputBytes > maxUploadBytes) throw tooLarge(maxUploadBytes);
    // Several are joined.
    if (inputs.length > 1) request.uploadLease?.take(inputBytes);
    const timeoutMs = timeoutOf(request, served.timeoutMs);
    const output = await inferTensors(
      served,
      { inputs, outputs: call.outputs },
      inferOptions(request, reply, Math.min(timeoutMs, call.timeoutMs ?? timeoutMs)),
    );
    countUnread(
      gateway,
      reply,
      output.outputs.reduce((sum, { head }) => sum + head.byteLength, 0),
    );
    checkStringCount(output.outputs);
    checkJsonTexts(output.outputs, isStreamed(request) ? maxStreamedTextBytes : maxOutputTextBytes, useV2);
    return output;
  }
}

/** Throws `BAD_INPUT` for outputs of too many strings. */
function checkStringCount(outputs: readonly RawTensor[]): void {
  const strings = outputs.filter(({ head }) => head.datatype === 'BYTES');
  const count = strings.reduce((sum, { head }) => sum + elementCount(head.shape), 0);
  if (count <= maxCallStrings) return;
  throw new Failure('BAD_INPUT', `The output has ${count} strings; tRPC returns at most ${maxCallStrings}. ${useV2}`);
}

/** A tensor with its values as bytes. Throws `BAD_INPUT` for values of another kind or number. */
const toRawTensor = (tensor: Tensor, parts: SplitJson['parts'] | undefined): RawTensor | Promise<RawTensor> =>
  checkedTensor(tensor, largeBytes(parts, bytesOf(tensor)));

function bytesOf({ name, datatype, data }: Tensor): Uint8Array {
  if (isStrings(data)) {
    if (datatype === 'BYTES') return packTexts(data);
    throw new Failure('BAD_INPUT', `Input ${quoted({ name })}: strings are for BYTES, not for ${datatype}.`);
  }
  const { buffer, byteOffset, byteLength } = data;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  if (data instanceof Uint8Array || isOf(datatype, data)) return bytes;
  throw new Failure('BAD_INPUT', `Input ${quoted({ name })}: ${data.constructor.name} is not for ${datatype}.`);
}

const isOf = (datatype: Datatype, data: object): boolean =>
  datatype !== 'BYTES' && data.constructor === typedArray(datatype, 0).constructor;

const isStrings = (data: TensorData): data is readonly string[] => Array.isArray(data);
