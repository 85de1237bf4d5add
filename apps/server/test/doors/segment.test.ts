import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppRouter, transformer } from '@portico/api';
import { ModelList, type Problem, SegmentResult } from '@portico/schemas';
import { createPortico } from '@portico/sdk';
import { createTRPCClient, httpLink } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { fileAsJson, form, post, postJson, refusal } from './support/asking.ts';
import { blank } from './support/pages.ts';

let server: ServerProcess;
let sample: Buffer;

beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'segment' });
  sample = await readFile(join(import.meta.dirname, '../../../../samples/astronaut.png'));
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const url = (): string => `${server.url}/segment`;
const cut = async (response: Response): Promise<SegmentResult> => {
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  return SegmentResult.parse(await response.json());
};

/** What the header of the PNG says: width, height, bits a sample and kind (0 grey, 6 colours with transparency). */
function header({ image }: SegmentResult): number[] {
  const png = Buffer.from(image.slice('data:image/png;base64,'.length), 'base64');
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20), png.readUInt8(24), png.readUInt8(25)];
}
const mask = [512, 512, 8, 0];
const cutout = [512, 512, 8, 6];

describe('POST /segment', () => {
  it('makes a mask of a file in a form, and a cut-out when a field asks for it', async () => {
    const result = await cut(await post(url(), form(sample)));
    expect([result.width, result.height]).toEqual([512, 512]);
    expect(header(result)).toEqual(mask);
    const asked = form(sample, { fields: { output: 'cutout' } });
    expect(header(await cut(await post(url(), asked)))).toEqual(cutout);
  });

  it('takes a raw body, with the parameter in the query', async () => {
    const headers = { 'content-type': 'image/png' };
    expect(header(await cut(await post(url(), new Uint8Array(sample), headers)))).toEqual(mask);
    const asked = await post(`${url()}?output=cutout`, new Uint8Array(sample), headers);
    expect(header(await cut(asked))).toEqual(cutout);
  });

  it('takes JSON, with the parameter beside the file', async () => {
    const input = fileAsJson(sample, 'image/png');
    expect(header(await cut(await postJson(url(), { input, params: { output: 'cutout' } })))).toEqual(cutout);
  });

  it('refuses other pictures than these two', async () => {
    expect(await refusal(await post(`${url()}?output=outline`, form(sample)))).toMatchObject({
      status: 422,
      issues: [{ path: 'params.output' }],
    });
  });

  it('refuses what is no picture', async () => {
    expect(await refusal(await post(url(), form(Buffer.from('no picture'))))).toEqual({
      status: 400,
      code: 'BAD_INPUT',
    });
  });
});

it('POST /segment/batch answers in the order of the files, and one bad file fails alone', async () => {
  const data = form(sample);
  for (const bytes of [Buffer.from('no picture'), await blank(64)])
    data.append('file', new Blob([bytes as BlobPart], { type: 'image/png' }), 'x');
  const response = await post(`${url()}/batch`, data);
  expect(response.status).toBe(200);
  const { results } = (await response.json()) as { results: { value?: SegmentResult; error?: Problem }[] };
  expect(results.map(({ value, error }) => value?.width ?? error?.code)).toEqual([512, 'BAD_INPUT', 64]);
});

it('segment.infer and portico.segment answer what REST answers', async () => {
  const overRest = await cut(await post(url(), form(sample)));
  const client = createTRPCClient<AppRouter>({ links: [httpLink({ url: `${server.url}/trpc`, transformer })] });
  expect(await client.segment.infer.mutate({ file: { data: sample, mediaType: 'image/png' } })).toEqual(overRest);
  const portico = createPortico({ url: server.url });
  expect(await portico.segment(sample)).toEqual(overRest);
  expect(header(await portico.segment(sample, { output: 'cutout' }))).toEqual(cutout);
});

it('GET /models lists the parameter and the source of the weights', async () => {
  const { models } = ModelList.parse(await (await fetch(`${server.url}/models`)).json());
  expect(models).toMatchObject([
    {
      name: 'segment',
      variant: 'selfie',
      params: { properties: { output: { default: 'mask', enum: ['mask', 'cutout'] } } },
      weights: [
        { source: 'file:segment/weights/selfie_segmentation_256.onnx', sha256: expect.stringMatching(/^8bece109/) },
      ],
    },
  ]);
});
