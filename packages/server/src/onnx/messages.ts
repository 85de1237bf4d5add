import { PbfReader } from 'pbf';

/** Protobuf's wire types for numbers, and for text, bytes and messages. */
export const wireVarint = 0;
export const wireBytes = 2;

/** Protobuf's own limit to nesting; a file of some kilobytes could otherwise exhaust the stack. */
export const maxDepth = 100;

/** Fields of ModelProto and GraphProto, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
export const modelField = {
  irVersion: 1,
  producerName: 2,
  producerVersion: 3,
  graph: 7,
  opset: 8,
  metadata: 14,
  function: 25,
} as const;
export const graphField = { node: 1, initializer: 5, input: 11, output: 12, sparseInitializer: 15 } as const;

/** Reads a message of its own bytes, so that no length in it reaches beyond them. */
export function readMessage(bytes: Uint8Array, read: (field: number, reader: PbfReader) => void): void {
  const reader = new PbfReader(bytes);
  reader.readFields((field) => read(field, reader), undefined);
  if (reader.pos > bytes.length) throw new Error('a part of it ends too early.');
}

/** A StringStringEntryProto. */
export function readProperty(bytes: Uint8Array): [key: string, value: string] {
  let key = '';
  let value = '';
  readMessage(bytes, (field, reader) => {
    if (field === 1) key = reader.readString();
    if (field === 2) value = reader.readString();
  });
  return [key, value];
}

/** An OperatorSetIdProto. */
export function readOpset(bytes: Uint8Array): [domain: string, version: number] {
  let domain = '';
  let version = 0;
  readMessage(bytes, (field, reader) => {
    if (field === 1) domain = reader.readString();
    if (field === 2) version = reader.readVarint(true);
  });
  return [domainName(domain), version];
}

export const domainName = (domain: string): string => (domain === '' ? 'ai.onnx' : domain);
