import { describe, expect, it } from 'vitest';
import { type RunOnScreen, tensorSnippets } from './tensor-snippets.ts';

const run: RunOnScreen = {
  url: 'http://localhost:8000',
  needsKey: false,
  model: 'scores',
  version: undefined,
  inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: Float32Array.of(0.1, -2) }],
};

const codeOf = (name: string, changes: Partial<RunOnScreen> = {}): string =>
  tensorSnippets({ ...run, ...changes }).find((snippet) => snippet.name === name)!.code;

const withData = (
  datatype: RunOnScreen['inputs'][number]['datatype'],
  data: RunOnScreen['inputs'][number]['data'],
) => ({
  inputs: [{ name: 'x', datatype, shape: [data.length], data }],
});

describe('the code of a run', () => {
  it('runs with the SDK', () => {
    expect(codeOf('SDK')).toBe(`import { createPortico } from '@portico/sdk';

const portico = createPortico({ url: 'http://localhost:8000' });

const { outputs } = await portico.tensors('scores').infer({
  inputs: [
    { name: 'x', datatype: 'FP32', shape: [1, 2], data: Float32Array.of(0.1, -2) },
  ],
});
for (const { name, shape, data } of outputs) console.log(name, shape, data);
`);
  });

  it('runs over tRPC', () => {
    expect(codeOf('tRPC', { version: '2' })).toContain(`await trpc.tensors.infer.mutate({
  model: 'scores',
  version: '2',
  inputs: [`);
  });

  it('runs with curl', () => {
    expect(codeOf('curl', { version: '2' })).toBe(`curl --fail-with-body \\
  -H 'content-type: application/json' \\
  -d '{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[0.1,-2]}]}' \\
  'http://localhost:8000/v2/models/scores/versions/2/infer'
`);
  });

  it('runs with Python', () => {
    expect(codeOf('Python')).toContain("{'name': 'x', 'datatype': 'FP32', 'shape': [1, 2], 'data': [0.1, -2]},");
  });

  it('keeps every digit, and writes half precision as its bits or its numbers', () => {
    const digits = withData('INT64', BigInt64Array.of(9_007_199_254_740_993n));
    expect(codeOf('SDK', digits)).toContain('data: BigInt64Array.of(9007199254740993n)');
    expect(codeOf('curl', digits)).toContain('"data":["9007199254740993"]');
    const half = withData('FP16', Uint16Array.of(0x3c00));
    expect(codeOf('tRPC', half)).toContain("datatype: 'FP16', shape: [1], data: Uint16Array.of(15360)");
    expect(codeOf('curl', half)).toContain('"data":[1]');
  });

  it('has texts, booleans and what is no number as JSON has them', () => {
    expect(codeOf('SDK', withData('BYTES', ["it's"]))).toContain(String.raw`data: ['it\'s']`);
    expect(codeOf('Python', withData('BOOL', Uint8Array.of(1, 0)))).toContain("'data': [True, False]");
    expect(codeOf('curl', withData('FP64', Float64Array.of(Number.NaN)))).toContain('"data":["NaN"]');
  });

  it('has zeros in the place of many values', () => {
    const many = withData('FP32', new Float32Array(150_528).fill(0.5));
    expect(codeOf('SDK', many)).toContain('data: new Float32Array(150528) }');
    expect(codeOf('Python', many)).toContain("'data': [0] * 150528");
    expect(codeOf('curl', many)).toMatch(/^python3 -c '.*\| curl --fail-with-body .*-d @- /s);
    for (const { code } of tensorSnippets({ ...run, ...many })) expect(code.length).toBeLessThan(1_000);
  });

  it('reads an API key from the environment', () => {
    for (const { code } of tensorSnippets({ ...run, needsKey: true })) expect(code).toContain('PORTICO_KEY');
  });
});
