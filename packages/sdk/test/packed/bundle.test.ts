import { builtinModules } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bundle, bundle, bundler, weightOf } from './bundle.ts';
import { installConsumer } from './consumer.ts';
import type { Project } from './project.ts';

/** Fails with what the bundle is made of. */
function expectWeight(bundled: Bundle, limitBytes: number): void {
  if (bundled.compressedBytes >= limitBytes) throw new Error(`Not less than ${limitBytes} bytes: ${weightOf(bundled)}`);
}

describe('the packed SDK in a bundle for browsers', () => {
  let consumer: Project;

  beforeAll(async () => {
    consumer = await installConsumer(bundler);
  });

  afterAll(() => consumer?.[Symbol.asyncDispose]());

  test('takes less than 12 kB of a program that runs a task and reads a stream', async () => {
    const page = await bundle(consumer, 'bundled/page.ts');
    process.stderr.write(`measured: the SDK in a page: ${page.compressedBytes} bytes by gzip -9\n`);
    expectWeight(page, 12_000);
    expect(page.text).toContain('x-timeout-seconds');
  });

  test('imports nothing when it runs, and nothing of Node', async () => {
    const { imports, modules, text } = await bundle(consumer, 'bundled/page.ts');
    expect(imports).toEqual([]);
    expect(modules.filter(({ path }) => path.includes('browser-external') || path.startsWith('(disabled)'))).toEqual(
      [],
    );
    expect(text).not.toContain('node:');
    const named = builtinModules.filter((name) => new RegExp(`(require|import)\\(\\s*["'\`]${name}["'\`]`).test(text));
    expect(named).toEqual([]);
  });

  test('takes less than 2 kB of a program that only handles its errors', async () => {
    const error = await bundle(consumer, 'bundled/error.ts');
    expectWeight(error, 2_000);
    expect(error.text).toContain('PorticoError');
  });
});
