import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundler } from '../packed/bundle.ts';
import { installConsumer } from '../packed/consumer.ts';
import type { Project } from '../packed/project.ts';
import { reportOf } from '../packed/report.ts';
import { samples } from '../packed/samples.ts';
import { compileFixtures, type ServingProcess, startServing } from '../serving-process.ts';

// React Native's own fetch, FormData, Blob, FileReader, URL and AbortController, and nothing else of a platform, in front of a native
// side that does what the one of iOS does with what they hand over.

const run = promisify(execFile);
const timeoutMs = 60_000;
const apiKey = 'a-key-of-the-tests';
const programs = join(import.meta.dirname, 'programs/react-native');

const version = process.env['PORTICO_LATEST'] === '1' ? 'latest' : '0.88.1';
/** What React Native's classes are made of, and what takes the types out of them. */
const packages = { 'whatwg-fetch': '3.6.20', 'base64-js': '1.5.1', invariant: '2.2.4', 'flow-remove-types': '2.336.0' };

let project: Project;
let server: ServingProcess;
beforeAll(async () => {
  project = await installConsumer({ ...bundler, ...packages }, { programs });
  const { folder } = project;
  // Only its sources: an installation brings compilers for phones.
  const { stdout } = await run('npm', ['pack', `react-native@${version}`, '--silent'], {
    cwd: folder,
    timeout: timeoutMs,
  });
  await run('tar', ['-xzf', stdout.trim(), '--one-top-level=react-native'], { cwd: folder, timeout: timeoutMs });
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  await run(process.execPath, ['bundle.cjs'], { cwd: folder, timeout: timeoutMs });
  await writeFile(join(folder, 'document.pdf'), '%PDF-1.7\r\n\0');
  server = await startServing(await compileFixtures(), { MODEL_NAME: 'copy,compare,draw,count', API_KEYS: apiKey });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await project?.[Symbol.asyncDispose]();
});

test('an app of React Native sends files of the device, bytes and Blobs', async () => {
  const { folder } = project;
  const place = {
    url: server.url,
    apiKey,
    picture: pathToFileURL(join(samples, 'astronaut.png')).href,
    document: pathToFileURL(join(folder, 'document.pdf')).href,
  };
  expect(await reportOf(process.execPath, ['machine.cjs', JSON.stringify(place)], { folder })).toEqual({
    'a file of the device': 11,
    'files of the device, and parameters': ['wörld "x"', 'image/png', 'application/pdf'],
    'a file of which only the name of the task is known': 11,
    bytes: 1_000,
    'a data URL': 5,
    'a Blob': 11,
    'a Blob and bytes': 'application/pdf',
    'a file of the device and bytes': expect.stringContaining(
      'BAD_INPUT: right: in React Native all files of one form must have a uri',
    ),
    'a file that is not there': 'NETWORK: The server could not be reached: Network request failed.',
    JSON: 3,
    models: 4,
    'a picture': ['image/png', true],
    'a refusal': expect.stringContaining('UNSUPPORTED_MEDIA_TYPE'),
    progress: true,
    'an abort': 'ABORTED: The call was aborted.',
    'a stream': expect.stringContaining('NETWORK: This fetch cannot read a stream'),
  });
});
