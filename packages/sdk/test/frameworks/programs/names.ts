// Runs as a test of Vitest in a project with the packed SDK: what frameworks and tools do with any object they are given.
import { inspect } from 'node:util';
import { computed as derived, signal } from '@angular/core';
import { createPortico } from '@portico/sdk';
import { afterEach, expect, test, vi } from 'vitest';
import { isReactive, nextTick, reactive, ref, toDisplayString, watch } from 'vue';

const page = { width: 1, height: 1, angle: 0, text: 'Dear reader', lines: [], warnings: [] };
const requests: string[] = [];
const portico = createPortico({
  url: 'http://localhost:8000',
  tasks: ['ocr', 'vad'],
  fetch: async (url) => {
    requests.push(url);
    return Response.json(page);
  },
});
const picture = Uint8Array.of(1, 2, 3);

afterEach(() => {
  requests.length = 0;
  vi.restoreAllMocks();
});

test('is itself behind the reactivity of Vue, whole and in parts', async () => {
  const state = reactive({ portico });
  expect(isReactive(state.portico)).toBe(true);
  expect(await state.portico.ocr(picture)).toEqual(page);
  expect(await ref(portico).value.ocr(picture)).toEqual(page);
  expect(Object.keys(state.portico)).toEqual(Object.keys(portico));
  const changed = vi.fn<() => void>();
  watch(state, changed, { deep: true });
  state.portico = createPortico({ url: 'http://localhost:8001', tasks: ['ocr', 'vad'] });
  await nextTick();
  expect(changed).toHaveBeenCalledTimes(1);
  expect(toDisplayString(portico)).toBe('{}');
  expect(requests).toHaveLength(2);
});

test('is itself in a signal of Angular', async () => {
  const client = signal(portico);
  expect(derived(() => client())()).toBe(portico);
  expect(await client().ocr(picture)).toEqual(page);
  client.update((before) => ({ ...before }));
  expect(await client().ocr(picture)).toEqual(page);
});

test('is compared, printed and resolved without a request', async () => {
  expect(portico).toEqual(portico);
  expect({ portico }).toMatchObject({ portico });
  expect(portico).not.toEqual({ ocr: 1 });
  expect(() => expect(portico).toEqual({ ocr: 1 })).toThrow(/ocr/);
  expect(portico).toHaveProperty('ocr');
  expect(Object.keys(portico)).toEqual(expect.arrayContaining(['ocr', 'vad', 'ready', 'models']));
  expect(inspect(portico)).toContain('ocr: [Function: ocr]');
  expect(await Promise.resolve(portico)).toBe(portico);
  expect(JSON.stringify({ portico })).toBe('{"portico":{}}');
  expect(() => structuredClone(portico)).toThrow(DOMException);
  expect(requests).toEqual([]);
});

test('is an argument that spies record', () => {
  const given = vi.fn<(client: object) => void>();
  given(portico);
  expect(given).toHaveBeenCalledWith(portico);
  expect(given).toHaveBeenCalledWith(expect.objectContaining({ ocr: expect.any(Function) }));
});

test('has methods that spies replace and restore, each on its own', async () => {
  const { ocr } = portico;
  vi.spyOn(portico, 'ocr').mockResolvedValue({ text: 'spied' });
  expect(await portico.ocr(picture)).toEqual({ text: 'spied' });
  vi.restoreAllMocks();
  expect(portico.ocr).toBe(ocr);
  vi.spyOn(portico.ocr, 'batch').mockResolvedValue([]);
  expect(await portico.ocr.batch([picture])).toEqual([]);
  for (const name of ['ready', 'models', 'gpu', 'tensors'] as const) {
    vi.spyOn(portico, name).mockImplementation(() => {
      throw new Error(name);
    });
    expect(() => portico[name]('')).toThrow(name);
  }
  expect(requests).toEqual([]);
});

test('has no name that a framework looks for', () => {
  const ofNest = ['onModuleInit', 'onModuleDestroy', 'onApplicationBootstrap', 'beforeApplicationShutdown'];
  const ofTools = ['then', 'toJSON', 'asymmetricMatch', '$$typeof', 'nodeType', 'subscribe', 'dispose', '__v_skip'];
  expect([...ofNest, ...ofTools].filter((name) => name in portico)).toEqual([]);
  expect(Object.getOwnPropertySymbols(portico)).toEqual([]);
});
