import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Runs the server and waits for its end. */
const run = (environment: NodeJS.ProcessEnv): Promise<{ code: unknown; output: string; errors: string }> =>
  new Promise((resolve) => {
    const options = { env: { ...process.env, ...environment } };
    execFile(process.execPath, [program], options, (error, output, errors) =>
      resolve({ code: error === null ? 0 : error.code, output, errors }),
    );
  });

it('A wrong environment stops the start with one line for each mistake and nothing else', async () => {
  const environment = { PORT: 'http', MODEL_NAME: 'speech', TRUST_PROXY: 'nginx', API_KEYS: ',', LOG_LEVEL: 'INFO' };
  const { code, output, errors } = await run(environment);
  expect(code).toBe(1);
  expect(output).toBe('');
  expect(errors.trim().split('\n')).toEqual([
    expect.stringMatching(/^PORT="http" is not allowed: use a whole number from 0 to 65535$/),
    expect.stringMatching(/^MODEL_NAME="speech" is not allowed: there is no model "speech"; use .*ocr, faces/),
    expect.stringMatching(/^TRUST_PROXY="nginx" is not allowed: use true, false, /),
    expect.stringMatching(/^API_KEYS="," is not allowed: use a comma list of keys/),
  ]);
});
