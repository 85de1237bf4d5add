import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { form, post, refusal } from './support/asking.ts';
import { blank } from './support/pages.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'draw' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const draw = async (accept: string, query = ''): Promise<Response> =>
  post(`${server.url}/draw${query}`, form(await blank(8)), accept === '' ? {} : { accept });

it('a picture is a data URL in JSON, beside the rest of the output', async () => {
  const response = await draw('application/json');
  const { side, image } = (await response.json()) as { side: number; image: string };
  expect(side).toBe(2);
  expect(await sharp(Buffer.from(image.split(',')[1] ?? '', 'base64')).metadata()).toMatchObject({
    format: 'png',
    width: 2,
  });
});

it.each(['image/png', 'image/*', 'image/webp,image/png;q=0.8'])(
  'Accept: %s gets the picture itself',
  async (accept) => {
    const response = await draw(accept, '?side=300&shade=7');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('server-timing')).toContain('inference;dur=');
    const { data, info } = await sharp(await response.arrayBuffer())
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, data[0]]).toEqual([300, 300, 7]);
  },
);

it.each(['', '*/*', 'application/json, image/png;q=0.9'])('Accept: "%s" gets JSON', async (accept) => {
  expect((await draw(accept)).headers.get('content-type')).toBe('application/json; charset=utf-8');
});

it('a failure is a problem, whatever was asked for', async () => {
  expect(await refusal(await draw('image/png', '?side=0'))).toMatchObject({ status: 422 });
});

it('what a task cannot answer is refused before the body is read', async () => {
  expect(await refusal(await draw('image/jpeg'))).toEqual({ status: 406, code: 'NOT_ACCEPTABLE' });
});

it('a batch answers JSON alone', async () => {
  const body = form(await blank(8));
  body.append('file', new Blob([(await blank(8)) as BlobPart], { type: 'image/png' }), 'b.png');
  const refused = await post(`${server.url}/draw/batch`, body, { accept: 'image/png' });
  expect(refused.status).toBe(406);
  expect(await refused.json()).toMatchObject({ detail: 'draw/batch responds with application/json only.' });
  const { results } = (await (await post(`${server.url}/draw/batch`, body)).json()) as { results: { ok: boolean }[] };
  expect(results.map(({ ok }) => ok)).toEqual([true, true]);
});
