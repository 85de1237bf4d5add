import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { doubling } from '../onnx/models.ts';
import { makeService, type Running } from './service.ts';

const service = makeService();
afterAll(() => service[Symbol.dispose]());
beforeEach(() => {
  for (const file of ['models.ts', 'main.ts', 'double/contract.ts', 'double/model.ts']) service.edit(file);
});

const input = '{"values":[1,2,3,4]}';
const waitMs = { timeout: 60_000, interval: 100 };

/** The address at which a server listens. */
async function urlOf({ said }: Running): Promise<string> {
  const address = (): string | undefined => said().match(/"Portico listens on (\S+),|Portico listens on (\S+),/)?.[1];
  await expect.poll(address, waitMs).toBeDefined();
  return address() ?? '';
}

/** What the service says, in JSON; undefined while it does not answer. */
async function ask(url: string, path: string, body?: unknown): Promise<unknown> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  try {
    return await (await fetch(`${url}${path}`, body === undefined ? {} : init)).json();
  } catch {
    return undefined;
  }
}
const double = (url: string): Promise<unknown> => ask(url, '/double', { input: { values: [1, 2, 3, 4] } });

describe('portico try', () => {
  it('writes the output to standard output, and where and how long it ran to standard error', async () => {
    const { code, output, errors } = await service.run('try', 'double', input, '-p', 'times=2', '--tensors');
    expect(JSON.parse(output)).toEqual({ values: [4, 8, 12, 16] });
    expect(errors).toMatch(
      /net\.onnx, [\d.]+ ms\n +→ x float32\[4\] +1 to 4; 1 2 3 4\n +← y float32\[4\] +2 to 8; 2 4 6 8\n/,
    );
    expect(errors).toMatch(
      /double:net on cpu: loaded in .*, warm-up .*; memory \d+ MiB\ndecode .*, inference .*, postprocess /,
    );
    expect(code).toBe(0);
  });

  it('shows what the model prints', async () => {
    service.edit('double/model.ts', 'const x =', "console.log('values', input.values.length);\n        const x =");
    const { code, errors } = await service.run('try', 'double', input);
    expect(errors).toContain('values 4\n');
    expect(code).toBe(0);
  });

  it.each<[string, [string, string, string], readonly RegExp[]]>([
    [
      'a syntax error',
      ['double/model.ts', '= await session', '== await session'],
      [/model\.ts:\d+:\d+: ERROR: Expected ";"/, /> \d+ \| .*== await session/],
    ],
    [
      'an exception',
      ['double/model.ts', 'y.data', '(y as any).nope.data'],
      [
        /Cannot read properties of undefined \(reading 'data'\)/,
        /> \d+ \| .*\.nope\.data/,
        /\(?double\/model\.ts:\d+:\d+\)?/,
      ],
    ],
    [
      'a tensor of another rank',
      ['double/model.ts', 'values), [4])', 'values), [2, 2])'],
      [/x/, /> \d+ \| .*await session\.run/],
    ],
    [
      'an output against the contract',
      ['double/model.ts', 'value * params.times', 'String(value) as any'],
      [/The output does not match the contract: output\.values\.0: Invalid input: expected number, received string/],
    ],
    [
      'a missing registration',
      ['models.ts', '[doubleModel]', '[]'],
      [/There is no model "double"\. .*models\.ts lists none; a model is registered by one line there\.\n$/],
    ],
    [
      'a contract that is refused',
      ['double/contract.ts', "'double'", "'ready'"],
      [
        /models\.ts cannot be loaded: TypeError: Task name "ready" is reserved\.\n/,
        /> \d+ \| export const double = defineTask\(/,
      ],
    ],
  ])('says what is wrong and where: %s', async (_name, [file, before, after], messages) => {
    service.edit(file, before, after);
    const { code, output, errors } = await service.run('try', 'double', input, '--tensors');
    expect(output).toBe('');
    for (const message of messages) expect(errors).toMatch(message);
    expect(errors).not.toMatch(/node_modules|packages\/server/);
    expect(code).not.toBe(0);
  });

  it('ends well where nobody reads its output', async () => {
    await using running = service.start(['try', 'double', input]);
    running.child.stdout?.destroy();
    await expect.poll(() => running.child.exitCode, waitMs).toBe(0);
    expect(running.said()).toMatch(/double:net on cpu: .*\ndecode .*\n$/);
  });

  it('runs again when a file is saved', async () => {
    await using running = service.start(['try', 'double', input, '--watch']);
    await expect.poll(running.said, waitMs).toMatch(/8\n {2}\]\n\}\n/);
    service.edit('double/model.ts', 'value * params.times', 'value * 100');
    await expect.poll(running.said, waitMs).toMatch(/800\n {2}\]\n\}\n/);
  });
});

describe('portico dev', () => {
  it('reloads engines when the code of a model changes, and the server when a contract does; what does not load changes nothing', async () => {
    await using running = service.start(['dev']);
    const url = await urlOf(running);
    await expect.poll(() => double(url), waitMs).toEqual({ values: [2, 4, 6, 8] });

    service.edit('double/model.ts', 'value * params.times', 'value * 10');
    const outputs = new Set<string>();
    const reloaded = async (): Promise<boolean> => {
      outputs.add(JSON.stringify(await double(url)));
      return outputs.has('{"values":[20,40,60,80]}');
    };
    await expect.poll(reloaded, { ...waitMs, interval: 1 }).toBe(true);
    // No request has failed meanwhile.
    expect([...outputs]).toEqual(['{"values":[2,4,6,8]}', '{"values":[20,40,60,80]}']);

    service.edit('double/model.ts', 'value * 10', 'value * ');
    await expect
      .poll(running.said, waitMs)
      .toMatch(/double\/model\.ts:\d+:\d+: Unexpected "\)"[^]*What was served before goes on\./);
    expect(await double(url)).toEqual({ values: [20, 40, 60, 80] });

    service.edit('double/model.ts', 'value * )', 'value * nowhere)');
    await expect.poll(running.said, waitMs).toMatch(/double does not load: .*nowhere is not defined/);
    expect(running.said()).toMatch(/nowhere is not defined\\n +at [^"]*double\/model\.ts:\d+:\d+/);
    expect(await double(url)).toEqual({ values: [20, 40, 60, 80] });

    service.edit('double/model.ts', 'value * nowhere', 'value * 1000');
    await expect.poll(() => double(url), waitMs).toEqual({ values: [2000, 4000, 6000, 8000] });
    expect(running.said().match(/Portico listens on/g)).toHaveLength(1);

    service.edit('double/contract.ts', "name: 'double'", "name: 'ready'");
    await expect.poll(running.said, waitMs).toMatch(/Task name "ready" is reserved/);
    expect(await double(url)).toEqual({ values: [2000, 4000, 6000, 8000] });

    service.edit('double/contract.ts', "name: 'ready'", "name: 'twice'");
    await expect.poll(() => running.said().match(/Portico listens on/g)?.length, waitMs).toBe(2);
    const urls = [...running.said().matchAll(/Portico listens on (\S+?),/g)].map(([, address]) => address ?? '');
    const ready = async (): Promise<unknown> => ask(urls[1] ?? '', '/twice', { input: { values: [1, 2, 3, 4] } });
    await expect.poll(ready, waitMs).toEqual({ values: [2000, 4000, 6000, 8000] });
  });
});

describe('portico serve', () => {
  it('serves the service of the folder, by its main module or, without one, by its list of models', async () => {
    for (const hasMain of [true, false]) {
      if (!hasMain) rmSync(join(service.folder, 'main.ts'));
      await using running = service.start(['serve']);
      const url = await urlOf(running);
      await expect.poll(() => double(url), waitMs).toEqual({ values: [2, 4, 6, 8] });
    }
  });

  it('serves an ONNX file under its name, and every file of a folder', async () => {
    service.write('files/a net.onnx', doubling());
    service.write('folder/first.onnx', doubling());
    service.write('folder/second/3/model.onnx', doubling());
    const asked = { inputs: [{ name: 'x', datatype: 'FP32', shape: [4], data: [1, 2, 3, 4] }] };
    const outputs = [{ name: 'y', data: [2, 4, 6, 8] }];
    for (const [target, names] of [
      ['files/a net.onnx', ['a-net']],
      ['folder', ['first', 'second']],
    ] as const) {
      await using running = service.start(['serve', target]);
      const url = await urlOf(running);
      for (const name of names)
        await expect.poll(() => ask(url, `/v2/models/${name}/infer`, asked), waitMs).toMatchObject({ outputs });
    }
  });

  it('says what is wrong with a file that cannot be served, and starts nothing', async () => {
    service.write('pointer.onnx', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n');
    const { code, output, errors } = await service.run('serve', 'pointer.onnx');
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toMatch(/^[^\n]*pointer\.onnx[^\n]*git lfs pull[^\n]*\n$/);
  });

  it.each([
    [['serve', 'nothing.onnx'], /^There is no file or folder nothing\.onnx\.\n$/],
    [
      ['serve', 'package.json'],
      /^package\.json is neither an ONNX file \(\*\.onnx\), nor a folder, nor a module \(\*\.ts, \*\.js\)\.\n$/,
    ],
    [['serve', 'a', 'b'], /^portico serve takes one file or folder, not 2\./],
    [['sreve'], /^There is no command "sreve"\. Use new, .*, or --help\.\n$/],
  ])('a command line that makes no sense is one sentence and exit 2: %j', async (words, sentence) => {
    expect(await service.run(...words)).toEqual({
      code: 2,
      output: '',
      errors: expect.stringMatching(sentence) as string,
    });
  });
});
