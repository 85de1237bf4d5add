import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerProcess } from '../harness/server-process.ts';
import { page, repositoryRoot, startContainer } from './support/container.ts';

const run = promisify(execFile);

/** `docker run -p PORT:PORT -e NAME=VALUE … portico:VERSION WORDS` */
function containerOf(command: string): { port: string; environment: Record<string, string>; words: string[] } {
  const [, port = ''] = /-p (\d+):\1 /.exec(command) ?? [];
  const variables = [...command.matchAll(/-e (\w+)=(\S*)/g)].map(([, name = '', value = '']) => [name, value]);
  const [, words = ''] = /portico:\S+(.*)$/m.exec(command) ?? [];
  return { port, environment: Object.fromEntries(variables) as Record<string, string>, words: words.trim().split(' ') };
}

describe.each(['sagemaker', 'vertex-ai', 'cloud-run', 'azure-ml', 'hugging-face', 'kserve'])('the page %s', (name) => {
  const [, here = ''] = page(name).split('## Try it here');
  const blocks = [...here.matchAll(/^```sh\n(.*?)^```/gms)].map(([, code = '']) => code);
  const [container = '', probe = '', ...requests] = blocks;
  const { port, environment, words } = containerOf(container);
  let server: ServerProcess;
  beforeAll(async () => {
    // Its port may be taken here.
    const anyPort = Object.entries(environment).map(([variable, value]) => [variable, value === port ? '0' : value]);
    const variables = { PORT: '0', ...(Object.fromEntries(anyPort) as Record<string, string>) };
    server = await startContainer(variables, { words: words.filter((word) => word !== '') });
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  const answered = async (command: string): Promise<string> => {
    const onThisPort = command.replaceAll(`localhost:${port}`, `127.0.0.1:${server.port}`);
    return (await run('sh', ['-c', onThisPort], { cwd: repositoryRoot })).stdout;
  };

  it('shows a probe that fails until the model is ready', async () => {
    await expect(answered(probe)).rejects.toMatchObject({ code: 22 });
    await server.ready();
    await answered(probe);
  });

  it.each(requests)('shows a request that reads the sample: %s', async (request) => {
    expect(await answered(request)).toContain('A model is a function with opinions');
  });
});
