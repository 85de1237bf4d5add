import { defineTask, image } from '@portico/schemas';
import { createPortico } from '@portico/sdk';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually } from '../harness/server-process.ts';
import { post, problemOf } from './support/asking.ts';
import { type HttpSide, startHttpSide } from './support/http-side.ts';

const probe = defineTask({
  name: 'probe',
  summary: 'Probe.',
  accepts: image(),
  params: z.object({
    word: z.string().default('none'),
    maybe: z.string().nullable().default('default'),
    level: z.number().nullable().default(1),
    fast: z.boolean().default(false),
    either: z.union([z.string(), z.number(), z.boolean()]).default('default'),
    words: z.array(z.string()).default(['default']),
    numbers: z.array(z.number()).default([7]),
    rows: z.array(z.array(z.int())).default([[7]]),
    box: z.object({ x: z.number(), label: z.string().optional() }).default({ x: 7 }),
  }),
  output: z.object({}),
});

const picture = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
let side: HttpSide;

beforeAll(async () => {
  side = await startHttpSide({ task: probe });
});
afterAll(() => side[Symbol.asyncDispose]());

/** The parameters that the engine is sent for a request; it is answered so that the request ends. */
async function received(request: Promise<unknown>): Promise<object> {
  const ended = request.catch(() => {});
  const engine = side.engines.last;
  const { params } = await eventually(async () => engine.running[0]);
  engine.finish();
  await ended;
  return params as object;
}

it('parameters that the client sends beside a file arrive as they are', async () => {
  const portico = createPortico({ url: side.url, tasks: { probe }, retry: false });
  const texts = ['', 'null', 'true', '7', '[]', '{"x":1}', '"', 'a\r\nb', ' ü 日本 '];
  const numbers = [0, 7, -0.5, 1e21, 1e-7];
  const values: Readonly<Record<keyof z.input<typeof probe.params>, readonly unknown[]>> = {
    word: texts,
    maybe: [...texts, null],
    level: [...numbers, null],
    fast: [true, false],
    either: [...texts, ...numbers, true],
    words: [[], ...texts.map((text) => [text]), texts],
    numbers: [[], [0], numbers],
    rows: [[], [[]], [[1]], [[1, 2], []]],
    box: [{ x: 1 }, { x: 2, label: 'null' }],
  };
  const requests = Math.max(...Object.values(values).map(({ length }) => length));
  for (let index = 0; index < requests; index += 1) {
    const params = Object.fromEntries(
      Object.entries(values).map(([name, given]) => [name, given[index % given.length]]),
    );
    expect(await received(portico.probe(picture, params))).toEqual(params);
  }
});

it('a field that says it is JSON is that value, also as text where the parameter is one', async () => {
  const sent = async (name: string, value: string, type = 'application/json') => {
    const body = `--b\r\ncontent-disposition: form-data; name="${name}"\r\ncontent-type: ${type}\r\n\r\n${value}\r\n--b\r\ncontent-disposition: form-data; name="file"\r\n\r\n`;
    const whole = Buffer.concat([Buffer.from(body), picture, Buffer.from('\r\n--b--\r\n')]);
    return post(`${side.url}/probe`, whole as BodyInit, { 'content-type': 'multipart/form-data; boundary=b' });
  };
  expect(await received(sent('box', '{"x":2}'))).toMatchObject({ box: { x: 2 } });
  expect(await received(sent('level', 'null', 'application/json; charset=utf-8'))).toMatchObject({ level: null });
  expect(await received(sent('word', '7'))).toMatchObject({ word: '7' });
  expect(await received(sent('words', '"one"'))).toMatchObject({ words: ['one'] });
  expect((await problemOf(await sent('word', 'null'))).code).toBe('INVALID_PARAMETERS');
  expect((await problemOf(await sent('box', '{"__proto__":1}'))).code).toBe('BAD_INPUT');
});
