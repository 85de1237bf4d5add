import { expect, it } from 'vitest';
import { packTensors, type RawTensor } from '../tensors/raw-tensor.ts';
import { packTexts } from '../tensors/values.ts';
import { Holds } from './holds.ts';
import { inferTensorsOf } from './trpc/tensors.ts';
import { writeResponse } from './v2/response.ts';

const mebibyte = 1024 * 1024;
const aModel = { model: 'm', version: '1', id: undefined };

function output(texts: readonly string[]): RawTensor {
  const bytes = packTexts(texts);
  return { head: { name: 'y', datatype: 'BYTES', shape: [texts.length], byteLength: bytes.byteLength }, bytes };
}
const some = output(['a'.repeat(mebibyte)]);
const most = output(['', 'a'.repeat(8 * mebibyte)]);
const tooMany = output(['', 'a'.repeat(8 * mebibyte), 'a']);

const message = 'The output has 8388609 bytes of strings; at most 8388608 are returned as JSON.';

it('/v2 returns many bytes of texts as binary data only', async () => {
  await expect(writeResponse(aModel, [tooMany], () => false)).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: `${message} Request binary_data.`,
  });
  await expect(writeResponse(aModel, [some, most], () => false)).rejects.toThrow('at most 8388608');
  await writeResponse(aModel, [tooMany], () => true);
  const { body } = await writeResponse(aModel, [most], () => false);
  expect(JSON.parse(body.toString())).toMatchObject({ outputs: [{ data: ['', 'a'.repeat(8 * mebibyte)] }] });
});

/** A call to a model with this output. */
function call(output: RawTensor, headers: Record<string, string> = {}) {
  const dispatcher = {
    model: 'm',
    info: { tensors: { inputs: [], outputs: [] } },
    submit: async () => ({ bytes: packTensors([output]), times: {} }),
  };
  const served = { name: 'm', version: '1', timeoutMs: 1_000, dispatcher, holds: new Holds() };
  const gateway = {
    tensors: new Map([['m', new Map([['1', served]])]]),
    limits: { maxUploadBytes: mebibyte },
    requests: { ended: () => {} },
    outputs: { open: () => ({ add: () => {} }) },
  };
  const reply = { raw: { once: () => {} }, request: { raw: { socket: null } }, sent: true, elapsedTime: 0 };
  const infer = inferTensorsOf({ gateway, reply, request: { headers }, settled: () => {} } as never);
  return infer({ model: 'm', inputs: [] });
}

it('tRPC refuses as many, and streams fewer', async () => {
  await expect(call(tooMany)).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: `${message} Request binary data from /v2.`,
  });
  const streamed = { 'trpc-accept': 'application/jsonl' };
  await expect(call(most, streamed)).rejects.toThrow('at most 1048576 are returned as JSON');
  await expect(call(some, streamed)).resolves.toMatchObject({ value: { outputs: [{ data: expect.any(Array) }] } });
});

it('tRPC writes many texts beside the response, in turns', async () => {
  await expect(call(most)).resolves.toMatchObject({ value: { outputs: [{ data: expect.any(String) }] } });
  await expect(call(output(['a']))).resolves.toMatchObject({ value: { outputs: [{ data: ['a'] }] } });
});
