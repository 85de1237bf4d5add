import type { EngineInput } from '../inference.ts';
import { WireError } from './frame.ts';
import type { FrameWriter } from './frame-writer.ts';
import type { Command, Report } from './messages.ts';

/**
 * How heads are encoded. What is sent for every input or run is binary, little-endian; ids, amounts of memory and times are 64-bit
 * floats. Written and parsed as JSON, it takes a third of what the wire costs for a small tensor.
 */
const kinds = {
  /** Any other message. */
  json: 0,
  /** For each input: id, length of its bytes, length of its traits, traits as JSON. Its bytes are in the body. */
  send: 1,
  /** The id of each input. */
  began: 2,
  /** Id; milliseconds of decoding, inference and postprocessing; the codes of warnings, separated by commas. The body is the output. */
  result: 3,
  /** The memory that the engine holds, in bytes. */
  finished: 4,
} as const;

const floatBytes = 8;
const wordBytes = 4;
const sentInputBytes = floatBytes + 2 * wordBytes;
const resultBytes = 4 * floatBytes;

/** An input without its id and its bytes. */
type Traits = Omit<EngineInput, 'id' | 'bytes' | 'more'>;

/** A message as it arrived; `body` belongs to a result or an item. */
export interface Message {
  readonly head: unknown;
  readonly body: Uint8Array;
}

export function writeCommand(writer: FrameWriter, command: Command): void {
  if (command.type === 'send') writeSend(writer, command.inputs);
  else writeJson(writer, command);
}

export function writeReport(writer: FrameWriter, report: Report, body: Uint8Array | undefined): void {
  const bodyBytes = body?.byteLength ?? 0;
  if (report.type === 'result') {
    const codes = report.warnings?.join(',') ?? '';
    const { target, at } = writer.begin(kinds.result, resultBytes + codes.length, bodyBytes);
    const { decode, inference, postprocess } = report.times;
    target.writeDoubleLE(report.id, at);
    target.writeDoubleLE(decode, at + floatBytes);
    target.writeDoubleLE(inference, at + 2 * floatBytes);
    target.writeDoubleLE(postprocess, at + 3 * floatBytes);
    if (codes !== '') target.write(codes, at + resultBytes, 'latin1');
  } else if (report.type === 'began') {
    const { target, at } = writer.begin(kinds.began, report.ids.length * floatBytes, bodyBytes);
    for (let index = 0; index < report.ids.length; index += 1)
      target.writeDoubleLE(report.ids[index] as number, at + index * floatBytes);
  } else if (report.type === 'finished') {
    const { target, at } = writer.begin(kinds.finished, floatBytes, bodyBytes);
    target.writeDoubleLE(report.residentBytes, at);
  } else {
    writeJson(writer, report, bodyBytes);
  }
  if (body !== undefined) writer.addBody(body);
}

/** @throws {WireError} for anything that is not a head. */
export function readMessage(kind: number, head: Buffer, body: Uint8Array): Message {
  if (kind === kinds.result && head.length >= resultBytes) {
    const times = {
      decode: head.readDoubleLE(floatBytes),
      inference: head.readDoubleLE(2 * floatBytes),
      postprocess: head.readDoubleLE(3 * floatBytes),
    };
    const id = head.readDoubleLE(0);
    if (head.length === resultBytes) return { head: { type: 'result', id, times } satisfies Report, body };
    const warnings = head.toString('latin1', resultBytes).split(',');
    return { head: { type: 'result', id, times, warnings } satisfies Report, body };
  }
  if (kind === kinds.began && head.length % floatBytes === 0) {
    const ids: number[] = [];
    for (let at = 0; at < head.length; at += floatBytes) ids.push(head.readDoubleLE(at));
    return { head: { type: 'began', ids } satisfies Report, body };
  }
  if (kind === kinds.finished && head.length === floatBytes) {
    return { head: { type: 'finished', residentBytes: head.readDoubleLE(0) } satisfies Report, body };
  }
  if (kind === kinds.send) return { head: { type: 'send', inputs: readSend(head, body) } satisfies Command, body };
  if (kind === kinds.json) return { head: parseJson(head, 0, head.length), body };
  throw new WireError('WRONG_HEAD', `Not a frame: a head of ${head.length} bytes of kind ${kind}.`);
}

function writeJson(writer: FrameWriter, message: Command | Report, bodyBytes = 0): void {
  const json = Buffer.from(JSON.stringify(message));
  const { target, at } = writer.begin(kinds.json, json.length, bodyBytes);
  target.set(json, at);
}

function writeSend(writer: FrameWriter, inputs: readonly EngineInput[]): void {
  const traits: string[] = [];
  let headBytes = inputs.length * sentInputBytes;
  let bodyBytes = 0;
  for (const input of inputs) {
    const { mediaType, files, unchecked, params, outputAs } = input;
    const json = JSON.stringify({ mediaType, files, unchecked, params, outputAs } satisfies Traits);
    traits.push(json);
    headBytes += Buffer.byteLength(json);
    bodyBytes += bodyBytesOf(input);
  }
  const { target, at } = writer.begin(kinds.send, headBytes, bodyBytes);
  let next = at;
  for (let index = 0; index < inputs.length; index += 1) {
    const input = inputs[index] as EngineInput;
    const traitsAt = next + sentInputBytes;
    const traitsBytes = target.write(traits[index] as string, traitsAt);
    target.writeDoubleLE(input.id, next);
    target.writeUInt32LE(bodyBytesOf(input), next + floatBytes);
    target.writeUInt32LE(traitsBytes, next + floatBytes + wordBytes);
    next = traitsAt + traitsBytes;
  }
  for (const { bytes, more } of inputs) {
    writer.addBody(bytes);
    if (more !== undefined) for (const part of more) writer.addBody(part);
  }
}

/** With whatever follows its bytes. */
function bodyBytesOf({ bytes, more }: EngineInput): number {
  if (more === undefined) return bytes.byteLength;
  return more.reduce((sum, { byteLength }) => sum + byteLength, bytes.byteLength);
}

/** The inputs, whose bytes follow each other in the body. */
function readSend(head: Buffer, body: Uint8Array): EngineInput[] {
  const inputs: EngineInput[] = [];
  let start = 0;
  for (let at = 0; at < head.length;) {
    const id = head.readDoubleLE(at);
    const end = start + head.readUInt32LE(at + floatBytes);
    const traitsAt = at + sentInputBytes;
    at = traitsAt + head.readUInt32LE(at + floatBytes + wordBytes);
    const traits = parseJson(head, traitsAt, at) as Traits;
    inputs.push({ ...traits, id, bytes: body.subarray(start, end) });
    start = end;
  }
  return inputs;
}

function parseJson(head: Buffer, start: number, end: number): unknown {
  try {
    return JSON.parse(head.toString('utf8', start, end));
  } catch (cause) {
    throw new WireError('WRONG_HEAD', 'Not a frame: the head is not JSON.', { cause });
  }
}
