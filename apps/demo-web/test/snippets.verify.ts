import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { open } from './harness/browse.ts';
import { samples } from './harness/samples.ts';
import { chooseFile, done, output, outputIsThere, parameters, runSample } from './harness/task-page.ts';
import { startToyService } from './harness/toy-service.ts';
import { hostile } from './toy/contract.ts';

const run = promisify(execFile);
const apiKey = 'a-key-of-the-tests';
const timeoutMs = 30_000;

/** Prints what a program logs as lines of JSON, complete at any depth. */
const logAsJson = 'data:text/javascript,console.log = (value) => process.stdout.write(JSON.stringify(value) + "\\n")';
/** Prints what Python has printed as JSON. */
const pythonToJson = 'import ast, json, sys; print(json.dumps(ast.literal_eval(sys.stdin.read())))';

const hasPython = await run('python3', ['--version']).then(
  () => true,
  () => false,
);
// oxlint-disable-next-line no-console -- a skip says why.
if (!hasPython) console.log('The Python snippets are not run: there is no python3. All others are.');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-snippets-'));
  await mkdir(join(folder, 'node_modules/@portico'), { recursive: true });
  await symlink(join(import.meta.dirname, '../../../packages/sdk'), join(folder, 'node_modules/@portico/sdk'));
  for (const path of Object.values(samples)) await copyFile(path, join(folder, basename(path)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** How a snippet is run; resolves with what it prints, as JSON values. */
const languages: Readonly<Record<string, (code: string) => Promise<unknown[]>>> = {
  SDK: runProgram,
  tRPC: runProgram,
  async curl(code) {
    const printed = await execute('sh', ['-c', code]);
    return valuesIn(printed);
  },
  async Python(code) {
    await writeFile(join(folder, 'snippet.py'), code);
    const printed = await execute('python3', ['snippet.py']);
    if (printed === '' || printed.includes('data: ')) return valuesIn(printed);
    await writeFile(join(folder, 'printed.txt'), printed);
    return valuesIn(await execute('sh', ['-c', `python3 -c '${pythonToJson}' < printed.txt`]));
  },
};

async function runProgram(code: string): Promise<unknown[]> {
  await writeFile(join(folder, 'snippet.mjs'), code);
  return valuesIn(await execute(process.execPath, ['--import', logAsJson, 'snippet.mjs']));
}

async function execute(command: string, words: string[]): Promise<string> {
  const env = { ...process.env, PORTICO_KEY: apiKey };
  return (await run(command, words, { cwd: folder, env, timeout: timeoutMs })).stdout;
}

/** JSON values, one a line, or the items of an event stream. */
function valuesIn(printed: string): unknown[] {
  const lines = printed.split('\n').filter((line) => line !== '');
  if (!printed.includes('data: ')) return lines.map((line) => JSON.parse(line) as unknown);
  return printed
    .split('\n\n')
    .filter((event) => /^event: item$/m.test(event))
    .map((event) => JSON.parse(/^data: (.*)$/m.exec(event)![1]!) as unknown);
}

/** The code of each language on the screen. */
async function snippetsOn(page: Page): Promise<[string, string][]> {
  const panel = page.getByRole('region', { name: 'Use it from code' });
  const found: [string, string][] = [];
  for (const name of Object.keys(languages)) {
    await panel.getByRole('tab', { name }).click();
    const code = (await panel.getByLabel(`${name} code`).textContent()) ?? '';
    await panel.getByRole('button', { name: 'Copy' }).click();
    expect(await clipboard(page)).toBe(code);
    found.push([name, code]);
  }
  return found;
}

/** The output on the screen, as its button copies it. */
async function outputOn(page: Page): Promise<Record<string, unknown>> {
  await output(page).getByRole('button', { name: 'Copy JSON' }).click();
  return JSON.parse(await clipboard(page)) as Record<string, unknown>;
}

const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
const withClipboard = { context: { permissions: ['clipboard-read', 'clipboard-write'] } };

/** How the data URL of a saved file begins. */
const typeOf: Readonly<Record<string, string>> = {
  'output.png': 'data:image/png',
  'output.wav': 'data:audio/wav',
  'output.joined': 'data:application/x-joined',
};

/** Runs every snippet on the screen: what each prints, or what it saves as a data URL. */
async function resultsOf(page: Page): Promise<[string, unknown][]> {
  const results: [string, unknown][] = [];
  for (const [name, code] of await snippetsOn(page)) {
    if (name === 'Python' && !hasPython) continue;
    const [file] = /\boutput\.(png|wav|joined)\b/.exec(code) ?? [];
    if (file !== undefined) await rm(join(folder, file), { force: true });
    const printed = await languages[name]!(code);
    const saved = file !== undefined && `${typeOf[file]};base64,${await readFile(join(folder, file), 'base64')}`;
    results.push([name, saved || printed]);
  }
  return results;
}

/** Every snippet does the same, here. */
async function expectAll(page: Page, expected: unknown): Promise<void> {
  const results = await resultsOf(page);
  expect(results).toEqual(results.map(([name]) => [name, expected]));
  expect(results).toHaveLength(hasPython ? 4 : 3);
}

const pictureIn = (result: unknown): unknown =>
  Array.isArray(result) ? (result[0] as { image?: string }).image : result;

describe('the code on the screen', () => {
  test('reads the text in a picture, with parameters other than the defaults', async () => {
    const page = await open('/tasks/ocr', withClipboard);
    await runSample(page, 'page.jpg');
    await parameters(page).getByRole('switch', { name: 'words' }).click();
    await page.locator('polygon[data-word]').first().waitFor();
    await done(page);
    await expectAll(page, [await outputOn(page)]);
  });

  test('finds faces', async () => {
    const page = await open('/tasks/faces', withClipboard);
    await runSample(page, 'astronaut.png');
    await expectAll(page, [await outputOn(page)]);
  });

  test('cuts out people and saves the picture', async () => {
    const page = await open('/tasks/segment', withClipboard);
    await runSample(page, 'astronaut.png');
    const { image } = await outputOn(page);
    // tRPC carries JSON only: its program prints the whole output.
    const pictures = (await resultsOf(page)).map(([name, result]) => [name, pictureIn(result)]);
    expect(pictures).toEqual(pictures.map(([name]) => [name, image]));
  });

  test('finds speech, segment by segment', async () => {
    const page = await open('/tasks/vad', withClipboard);
    await runSample(page, 'speech.flac');
    await expectAll(page, (await outputOn(page))['segments']);
  });

  test('turns texts into vectors', async () => {
    const page = await open('/tasks/embed', withClipboard);
    await runSample(page, 'Three sentences');
    await expectAll(page, [await outputOn(page)]);
  });

  test('calls a task of another service with an API key that is not in the code, and with odd names and values', async () => {
    const locked = await startToyService({ API_KEYS: apiKey });
    onTestFinished(async () => locked[Symbol.asyncDispose]());
    await locked.ready();
    const page = await open('/tasks/measure', { settings: { url: locked.url, apiKey }, ...withClipboard });
    const name = `it's "a" $HOME \`page\`.jpg`;
    await copyFile(samples.page, join(folder, name));
    await chooseFile(page, { name, mimeType: 'image/jpeg', buffer: await readFile(samples.page) });
    await outputIsThere(page);
    await parameters(page).getByRole('textbox', { name: 'label' }).fill(`@it's ${hostile}`);
    await parameters(page).getByRole('textbox', { name: 'tags' }).fill('one\n"two"\n日本語');
    await output(page).getByText('日本語').waitFor();
    await done(page);
    expect(await page.content()).not.toContain(apiKey);
    await expectAll(page, [await outputOn(page)]);
  });

  test('sends several files', async () => {
    const page = await open('/tasks/compare', { settings: { url: inject('toyService') }, ...withClipboard });
    await page.getByLabel('Choose a picture for left').setInputFiles(samples.page);
    await page.getByLabel('Choose a file for right').setInputFiles(samples.text);
    await outputIsThere(page);
    await parameters(page).getByRole('textbox', { name: 'word' }).fill(`@it's ${hostile}`);
    await output(page).getByText(`@it's ${hostile}`).waitFor();
    await done(page);
    await expectAll(page, [await outputOn(page)]);
  });

  test.each([
    ['saves a recording', 'beep', 'sound'],
    ['sends several files and saves their bytes', 'join', 'joined'],
  ])('%s', async (_what, task, field) => {
    const page = await open(`/tasks/${task}`, { settings: { url: inject('toyService') }, ...withClipboard });
    if (task === 'join') {
      await page.getByLabel('Choose a file for first').setInputFiles(samples.text);
      await page.getByLabel('Choose a file for second').setInputFiles(samples.page);
    } else {
      await page.getByRole('button', { name: 'Run' }).click();
    }
    await outputIsThere(page);
    const { [field]: made } = await outputOn(page);
    const saved = (await resultsOf(page)).map(([name, result]) => [
      name,
      Array.isArray(result) ? (result[0] as Record<string, unknown>)[field] : result,
    ]);
    expect(saved).toEqual(saved.map(([name]) => [name, made]));
    expect(saved).toHaveLength(hasPython ? 4 : 3);
  });

  test('streams a JSON task of another service', async () => {
    const page = await open('/tasks/countdown', { settings: { url: inject('toyService') }, ...withClipboard });
    await page.getByRole('spinbutton', { name: 'from' }).fill('3');
    await page.getByRole('button', { name: 'Run' }).click();
    await outputIsThere(page);
    await expectAll(page, [{ number: 3 }, { number: 2 }, { number: 1 }]);
  });
});
