import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { explainSkip } from '../../harness/measured.ts';
import { pythonEnvironment } from '../../harness/python-environment.ts';
import { page, repositoryRoot, startContainer } from '../support/container.ts';

const run = promisify(execFile);
const requirements = join(import.meta.dirname, 'requirements.txt').replace(/\/dist\//, '/');
const python = await pythonEnvironment(requirements);
if ('missing' in python) explainSkip(python.missing);

/** The headers of a client that SageMaker passes on. */
const passedOn = ['content-type', 'accept', 'x-amzn-sagemaker-custom-attributes'];
/** Of a response. */
const passedBack = ['content-type', 'x-amzn-sagemaker-custom-attributes'];
const arn = 'arn:aws:sagemaker:eu-west-1:123456789012:endpoint/portico-ocr';

/** SageMaker as the CLI sees it, with one endpoint whose container is at this address. */
function sageMaker(container: string, actions: string[]) {
  return createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const [, action] = /^SageMaker\.(\w+)$/.exec(String(request.headers['x-amz-target'])) ?? [];
    if (action === undefined) return invoke(request, response, body);
    actions.push(action);
    const endpoint = { EndpointName: 'portico-ocr', EndpointArn: arn, EndpointStatus: 'InService' };
    response.end(JSON.stringify({ ModelArn: arn, EndpointConfigArn: arn, ...endpoint, CreationTime: 1 }));
  }

  async function invoke({ headers, url }: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    actions.push(String(url));
    const given = passedOn.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]]));
    const inner = await fetch(`${container}/invocations`, {
      method: 'POST',
      headers: Object.fromEntries(given) as Record<string, string>,
      body: new Uint8Array(body),
    });
    const text = Buffer.from(await inner.arrayBuffer());
    if (inner.ok) {
      for (const name of passedBack) response.setHeader(name, inner.headers.get(name) ?? '');
      response.end(text);
      return;
    }
    response.writeHead(424, { 'content-type': 'application/json', 'x-amzn-errortype': 'ModelError' });
    const OriginalMessage = text.toString();
    response.end(JSON.stringify({ Message: OriginalMessage, OriginalMessage, OriginalStatusCode: inner.status }));
  }
}

describe.skipIf('missing' in python)("the commands of SageMaker's page", () => {
  if ('missing' in python) return;
  const aws = dirname(python.python);

  it('are accepted by the AWS CLI, which reads the sample through them', async () => {
    await using container = await startContainer({ SAGEMAKER_BIND_TO_PORT: '0', MODEL_NAME: 'ocr' });
    await container.ready();
    const actions: string[] = [];
    const endpoint = sageMaker(container.url, actions).listen(0, '127.0.0.1');
    await once(endpoint, 'listening');
    const folder = mkdtempSync(join(tmpdir(), 'aws-'));
    const command = async (code: string): Promise<string> =>
      (
        await run('sh', ['-ec', code.replaceAll('output.json', join(folder, 'output.json'))], {
          cwd: repositoryRoot,
          env: {
            PATH: `${aws}${delimiter}${process.env['PATH']}`,
            HOME: folder,
            AWS_ENDPOINT_URL: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}`,
            AWS_ACCESS_KEY_ID: 'none',
            AWS_SECRET_ACCESS_KEY: 'none',
            AWS_DEFAULT_REGION: 'eu-west-1',
          },
        })
      ).stdout;
    try {
      const blocks = [...page('sagemaker').matchAll(/^```sh\n(aws .*?)^```/gms)].map(([, code = '']) => code);
      const [deploy = '', invoke = ''] = blocks;
      await command(deploy);
      const shown = JSON.parse(await command(invoke)) as Record<string, string>;
      expect(actions).toEqual([
        'CreateModel',
        'CreateEndpointConfig',
        'CreateEndpoint',
        'DescribeEndpoint',
        '/endpoints/portico-ocr/invocations',
      ]);
      expect(shown['CustomAttributes']).toMatch(/^x-request-id=/);
      const output = JSON.parse(readFileSync(join(folder, 'output.json'), 'utf8')) as { lines: { words: unknown[] }[] };
      expect(output.lines[0]?.words.length).toBeGreaterThan(0);

      const wrong = invoke.replace('params.words=true', 'params.words=perhaps');
      await expect(command(wrong)).rejects.toMatchObject({
        stderr: expect.stringContaining('params.words: ') as unknown,
      });
    } finally {
      endpoint.close();
      rmSync(folder, { recursive: true });
    }
  });
});
