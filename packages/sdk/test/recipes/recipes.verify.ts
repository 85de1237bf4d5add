import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type ServerProcess } from '../../../../apps/server/test/harness/server-process.ts';
import { compile } from '../packed/compile.ts';
import type { Project } from '../packed/project.ts';
import { startStubServer } from '../stub-server.ts';
import { installRecipes } from './recipe-consumer.ts';
import { startRecipeServer } from './recipe-server.ts';
import { type RunningProgram, startProgram } from './running-program.ts';

const run = promisify(execFile);
const files = ['script/read-texts.ts', 'express/server.ts', 'own-tasks/client.ts', 'own-tasks/light-client.ts'];
const opening = 'A model is a function with opinions';

describe('the recipes, from the packed packages', () => {
  let consumer: Project;
  let server: ServerProcess;

  beforeAll(async () => {
    consumer = await installRecipes({
      '@types/express': '5.0.6',
      '@types/node': '20.19.43',
      express: '5.3.0',
      typescript: '5.9.3',
      zod: '4.6.7',
    });
    server = await startRecipeServer(consumer);
    await compile(consumer, { typescript: 'typescript', moduleResolution: 'nodenext', files });
  }, 120_000);

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await consumer?.[Symbol.asyncDispose]();
  });

  /** Runs a compiled program; resolves with its exit code and output. */
  async function ran(program: string, words: readonly string[] = []): Promise<Ended> {
    const running = run(process.execPath, [join('out', program), ...words], {
      cwd: consumer.folder,
      env: { ...process.env, PORTICO_URL: server.url },
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
    return running.then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
    );
  }

  test('a script reads files and reports those it cannot read', async () => {
    const { code, stdout, stderr } = await ran('script/read-texts.js', ['page.jpg', 'missing.jpg', 'notes.txt']);
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`^page.jpg: 15 lines\n.*${opening}`, 's'));
    expect(stderr).toMatch(/^missing.jpg: BAD_INPUT: The file cannot be read.*ENOENT/m);
    expect(stderr).toMatch(/^notes.txt: UNSUPPORTED_MEDIA_TYPE: /m);
  });

  test('a contract of your own types a client of a server with other models', async () => {
    const { code, stdout, stderr } = await ran('own-tasks/client.js');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe('3 numbers\n10\n11\n12\nimage/png true\nfalse audio/wav\n');
  });

  test('the types of a contract are enough, and Zod is no part of the program', async () => {
    const { code, stdout, stderr } = await ran('own-tasks/light-client.js');
    expect([code, stderr, stdout]).toEqual([0, '', '3 numbers\n']);
    const compiled = await readFile(join(consumer.folder, 'out/own-tasks/light-client.js'), 'utf8');
    expect(compiled).not.toMatch(/contract\.js|zod/);
  });

  test('a contract of your own rejects what it does not have', async () => {
    const mistakes = {
      'an input of another type': `mine.count({ to: 'three' })`,
      'an unknown parameter': `mine.count({ to: 3 }, { begin: 1 })`,
      'a task of another contract': `mine.ocr('photo.png')`,
      'a picture of a task that produces none': `mine.count.image('photo.png')`,
      'a file that is missing': `mine.compare({ left: 'photo.png' })`,
      'a picture of a task that produces a recording': `mine.say.image({ text: 'hello' })`,
      'an item that has no such field': `for await (const { digit } of mine.count.stream({ to: 3 })) void digit`,
    };
    const program = await readFile(join(consumer.folder, 'own-tasks/client.ts', 'own-tasks/light-client.ts'), 'utf8');
    const lines = Object.values(mistakes).map((mistake) => `// @ts-expect-error\n${mistake};`);
    const compiled = async (text: string): Promise<string> => {
      await writeFile(join(consumer.folder, 'own-tasks/mistakes.ts'), text);
      const options = { typescript: 'typescript', moduleResolution: 'nodenext', files: ['own-tasks/mistakes.ts'] };
      return compile(consumer, options as Parameters<typeof compile>[1]);
    };
    await expect(compiled([program, ...lines].join('\n'))).resolves.toMatch(/mistakes\.js$/);
    await expect(compiled(`${program}\nmine.ocr('photo.png');`)).rejects.toThrow(/'ocr' does not exist/);
  });

  describe('a server of Express', () => {
    let site: RunningProgram;
    const start = (url: string): Promise<RunningProgram> =>
      startProgram(['out/express/server.js'], {
        folder: consumer.folder,
        environment: { PORT: '0', PORTICO_URL: url },
        port: /port: (\d+)/,
      });
    const post = (url: string, body: BodyInit | null, init: RequestInit = {}): Promise<Response> =>
      fetch(`${url}/text`, { method: 'POST', body, ...init });
    const page = async (): Promise<Blob> => new Blob([await readFile(join(consumer.folder, 'page.jpg'))]);

    beforeAll(async () => {
      site = await start(server.url);
    });
    afterAll(() => site?.[Symbol.asyncDispose]());

    test('returns the text of an upload, and continues its trace', async () => {
      const trace = '0af7651916cd43dd8448eb211c80319c';
      const headers = { traceparent: `00-${trace}-b7ad6b7169203331-01` };
      const response = await post(site.url, await page(), { headers });
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ text: expect.stringContaining(opening) });
      await server.logged((line) => line['traceId'] === trace && line['path'] === '/ocr');
    });

    test('returns the message and the status of the server for a file that cannot be read', async () => {
      const response = await post(site.url, 'This is not a picture.');
      expect(response.status).toBe(415);
      expect(await response.json()).toEqual({ code: 'UNSUPPORTED_MEDIA_TYPE', message: expect.stringMatching(/\w/) });
    });

    test('rejects a request without a body', async () => {
      const response = await post(site.url, null);
      expect([response.status, await response.json()]).toMatchObject([400, { code: 'BAD_INPUT' }]);
    });

    test('rejects an upload over its limit', async () => {
      expect((await post(site.url, new Uint8Array(21 * 2 ** 20))).status).toBe(413);
    });

    test('stops the work for a client that closes the connection', async () => {
      const cancelled = await eventually(async () => {
        await post(site.url, await page(), { signal: AbortSignal.timeout(300) }).catch(() => {});
        return server.log.find((line) => line['status'] === 499);
      });
      expect(cancelled['path']).toBe('/ocr');
    }, 30_000);

    test('says when to retry, and that the client is not at fault', async () => {
      const problem = { code: 'OVERLOADED', status: 503, detail: 'Busy.', requestId: 'request-1' };
      await using busy = await startStubServer({ status: 503, headers: { 'retry-after': '90' }, body: problem });
      await using behindBusy = await start(busy.url);
      const overloaded = await post(behindBusy.url, await page());
      expect([overloaded.status, overloaded.headers.get('retry-after')]).toEqual([503, '90']);
      expect(await overloaded.json()).toEqual({ code: 'OVERLOADED', message: 'Busy.' });

      await using unauthorized = await startStubServer({
        status: 401,
        body: { ...problem, code: 'UNAUTHORIZED', status: 401 },
      });
      await using behindUnauthorized = await start(unauthorized.url);
      const rejected = await post(behindUnauthorized.url, await page());
      expect([rejected.status, await rejected.json()]).toEqual([502, { code: 'UNAUTHORIZED', message: 'Busy.' }]);
    });
  });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
