import { expect, test } from 'vitest';
import type { CallOnScreen } from './call-on-screen.ts';
import { curlSnippet } from './curl.ts';
import { sdkSnippet, trpcSnippet } from './javascript.ts';
import { pythonSnippet } from './python.ts';

const page: CallOnScreen = {
  url: 'http://localhost:8000',
  needsKey: false,
  task: 'ocr',
  input: { file: 'page.jpg', mediaType: 'image/jpeg' },
  params: { minConfidence: 0.6, words: true },
  streams: false,
  produces: undefined,
};

const pair: CallOnScreen = {
  ...page,
  task: 'compare',
  input: {
    files: {
      left: { file: 'one.png', mediaType: 'image/png' },
      right: { file: "it's two.bin", mediaType: 'application/octet-stream' },
    },
  },
  params: { metric: 'cosine' },
};

test('a file and its parameters are sent with the SDK', () => {
  expect(sdkSnippet(page)).toBe(`import { createPortico } from '@portico/sdk';

const portico = createPortico({ url: 'http://localhost:8000' });

const output = await portico.ocr('page.jpg', { minConfidence: 0.6, words: true });
console.log(output);
`);
});

test('a file and its parameters are sent over tRPC', () => {
  expect(trpcSnippet(page)).toBe(`import { readFile } from 'node:fs/promises';
import { createTRPC } from '@portico/sdk/trpc';

const trpc = createTRPC({ url: 'http://localhost:8000' });

const output = await trpc.ocr.infer.mutate({
  file: { data: await readFile('page.jpg') },
  params: { minConfidence: 0.6, words: true },
});
console.log(output);
`);
});

test('a file and its parameters are sent with curl', () => {
  expect(curlSnippet(page)).toBe(`curl --fail-with-body \\
  -F 'file=@"page.jpg"' \\
  --form-string 'minConfidence=0.6' \\
  --form-string 'words=true' \\
  'http://localhost:8000/ocr'
`);
});

test('a file and its parameters are sent with Python', () => {
  expect(pythonSnippet(page)).toBe(`import json
from urllib.request import Request, urlopen

with open('page.jpg', 'rb') as file:
    data = file.read()
headers = {'content-type': 'image/jpeg'}
request = Request('http://localhost:8000/ocr?minConfidence=0.6&words=true', data=data, headers=headers)
with urlopen(request) as response:
    output = json.load(response)

print(output)
`);
});

test('parameters with their default values are left out', () => {
  for (const write of [sdkSnippet, trpcSnippet, curlSnippet, pythonSnippet]) {
    expect(write({ ...page, params: {} })).not.toContain('params');
  }
  expect(sdkSnippet({ ...page, params: {} })).toContain("portico.ocr('page.jpg');");
});

test('a picture is saved', () => {
  const call = { ...page, task: 'segment', params: { output: 'cutout' }, produces: 'image/png' };
  expect(sdkSnippet(call)).toContain("await portico.segment.image('page.jpg', { output: 'cutout' });");
  expect(curlSnippet(call)).toContain("-H 'accept: image/png' \\\n  -o output.png");
  expect(pythonSnippet(call)).toContain("'accept': 'image/png'");
});

test('bytes of another kind are saved, whatever the task takes', () => {
  const call = { ...page, task: 'speak', input: { json: { text: 'Hi' } }, params: {}, produces: 'audio/wav' };
  expect(sdkSnippet(call)).toContain(`const output = await portico.speak.blob({ text: 'Hi' });
await writeFile('output.wav', Buffer.from(await output.arrayBuffer()));`);
  expect(curlSnippet(call)).toContain("-H 'accept: audio/wav' \\\n  -o output.wav");
  expect(pythonSnippet(call)).toContain("with open('output.wav', 'wb') as output:");
});

test('a task that is none of the bundled is named to the client, with what it takes', () => {
  const client = (call: CallOnScreen): string | undefined => /createPortico\(([^)]*)\)/.exec(sdkSnippet(call))?.[1];
  const { url } = page;
  expect(client(page)).toBe(`{ url: '${url}' }`);
  expect(client({ ...page, task: 'measure' })).toBe(`{ url: '${url}', tasks: { measure: 'file' } }`);
  expect(client(pair)).toBe(`{ url: '${url}', tasks: { compare: 'form' } }`);
  expect(client({ ...page, task: 'speak', input: { json: {} } })).toBe(`{ url: '${url}', tasks: { speak: 'json' } }`);
  expect(client({ ...page, input: { json: {} } })).toBe(`{ url: '${url}', tasks: { ocr: 'json' } }`);
});

test('several files are sent with the SDK', () => {
  expect(sdkSnippet(pair)).toContain(
    `await portico.compare({ left: 'one.png', right: 'it\\'s two.bin' }, { metric: 'cosine' });`,
  );
});

test('several files are sent over tRPC', () => {
  expect(trpcSnippet(pair)).toContain(`await trpc.compare.infer.mutate({
  files: {
    left: { data: await readFile('one.png') },
    right: { data: await readFile('it\\'s two.bin') },
  },
  params: { metric: 'cosine' },
});`);
});

test('the tRPC client of a task of your own says how TypeScript gets its types', () => {
  expect(trpcSnippet(pair)).toContain('\n// In TypeScript: createTRPC<typeof tasks>(…)');
  expect(trpcSnippet(page)).not.toContain('// ');
});

test('several files are sent with curl', () => {
  expect(curlSnippet(pair)).toBe(`curl --fail-with-body \\
  -F 'left=@"one.png"' \\
  -F 'right=@"it'\\''s two.bin"' \\
  --form-string 'metric=cosine' \\
  'http://localhost:8000/compare'
`);
});

test('several files are sent with Python', () => {
  expect(pythonSnippet(pair)).toBe(`import base64
import json
from urllib.request import Request, urlopen


def read(path, media_type):
    with open(path, 'rb') as file:
        return {'data': base64.b64encode(file.read()).decode(), 'mediaType': media_type}


files = {
    'left': read('one.png', 'image/png'),
    'right': read('it\\'s two.bin', 'application/octet-stream'),
}
data = json.dumps({'input': files, 'params': {'metric': 'cosine'}}).encode()
headers = {'content-type': 'application/json'}
request = Request('http://localhost:8000/compare', data=data, headers=headers)
with urlopen(request) as response:
    output = json.load(response)

print(output)
`);
});

test('the items of a stream are printed as they come', () => {
  const call = { ...page, task: 'vad', input: { file: 'a.flac', mediaType: 'audio/flac' }, params: {}, streams: true };
  expect(sdkSnippet(call)).toContain("for await (const item of portico.vad.stream('a.flac'))");
  expect(trpcSnippet(call)).toContain('trpc.vad.stream.mutate(');
  expect(curlSnippet(call)).toContain("-N \\\n  -H 'accept: text/event-stream'");
  expect(pythonSnippet(call)).toContain('for line in response:');
});

test('an API key is read from the environment and not shown', () => {
  for (const write of [sdkSnippet, trpcSnippet, curlSnippet, pythonSnippet]) {
    expect(write({ ...page, needsKey: true })).toContain('PORTICO_KEY');
    expect(write(page)).not.toContain('PORTICO_KEY');
  }
});

test('quotes, line breaks and other scripts in texts do not end the text', () => {
  const texts = ['It\'s "here"', 'a\\b', 'two\nlines', '日本語 🙂', '$HOME `ls`'];
  const call = { ...page, task: 'embed', input: { json: { texts } }, params: {} };
  const [, written] = /embed\((.*?)\);\n/s.exec(sdkSnippet(call)) ?? [];
  // eslint-disable-next-line no-eval
  expect((0, eval)(`(${written})`)).toEqual({ texts });
  expect(curlSnippet(call)).toContain(`It'\\''s \\"here\\"`);
  expect(pythonSnippet(call)).toContain(String.raw`'It\'s "here"', 'a\\b', 'two\nlines', '日本語 🙂'`);
});

test('separators of lines in a text stay as they are where the code is on several lines', () => {
  const texts = ['a\u2028b\u2029c', 'some more words, so that the list needs more than one line of code'];
  const call = { ...page, task: 'embed', input: { json: { texts } }, params: {} };
  const [, written] = /embed\((.*?)\);\n/s.exec(sdkSnippet(call)) ?? [];
  // eslint-disable-next-line no-eval
  expect((0, eval)(`(${written})`)).toEqual({ texts });
  expect(pythonSnippet(call)).toContain(String.raw`'a\u2028b\u2029c'`);
});

test('a value that is not there is left out, and a field of any name is a field', () => {
  const json: unknown = { ...(JSON.parse('{"__proto__": 1}') as object), from: undefined };
  const call = { ...page, task: 'embed', input: { json }, params: {} };
  expect(sdkSnippet(call)).toContain("portico.embed({ ['__proto__']: 1 });");
  expect(pythonSnippet(call)).toContain("'input': {'__proto__': 1}");
});

test('the name of a file is the name of a file, whatever it looks like', () => {
  const called = (file: string): CallOnScreen => ({ ...page, input: { file, mediaType: 'image/jpeg' } });
  expect(sdkSnippet(called('data:page.jpg'))).toContain("portico.ocr('./data:page.jpg'");
  expect(curlSnippet(called('-'))).toContain('file=@"./-"');
});
