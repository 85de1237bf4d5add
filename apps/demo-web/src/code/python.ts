import {
  type CallOnScreen,
  fieldsOfObject,
  fieldsOfParams,
  keyVariable,
  listOf,
  producedFile,
  quotedText,
} from './call-on-screen.ts';

const indent = '    ';

/** A program for Python 3 without any package. */
export function pythonSnippet({ url, needsKey, task, input, params, streams, produces }: CallOnScreen): string {
  const isFile = 'file' in input;
  const query = isFile ? new URLSearchParams(fieldsOfParams(params)).toString() : '';
  const headers = [
    `'content-type': ${literal(isFile ? input.mediaType : 'application/json')}`,
    ...(produces !== undefined ? [`'accept': ${literal(produces)}`] : streams ? ["'accept': 'text/event-stream'"] : []),
    ...(needsKey ? [`'x-api-key': os.environ['${keyVariable}']`] : []),
  ];
  const needsJson = !isFile || (produces === undefined && !streams);
  return [
    ...('files' in input ? ['import base64'] : []),
    ...(needsJson ? ['import json'] : []),
    ...(needsKey ? ['import os'] : []),
    'from urllib.request import Request, urlopen',
    '',
    ...bodyOf(input, params),
    `headers = ${listOf('{', headers, '}', indent)}`,
    `request = Request(${literal(`${url}/${task}${query === '' ? '' : `?${query}`}`)}, data=data, headers=headers)`,
    'with urlopen(request) as response:',
    ...reading(streams, produces),
    '',
  ].join('\n');
}

/** What assigns `data`: the bytes of a file, or JSON, in which files are base64. */
function bodyOf(input: CallOnScreen['input'], params: CallOnScreen['params']): string[] {
  if ('file' in input) return [`with open(${literal(input.file)}, 'rb') as file:`, `${indent}data = file.read()`];
  if ('json' in input) return [`data = json.dumps(${literal({ input: input.json, params })}).encode()`];
  const files = Object.entries(input.files).map(([part, { file, mediaType }]) => {
    return `${quotedText(part)}: read(${literal(file)}, ${literal(mediaType)})`;
  });
  return [
    '',
    'def read(path, media_type):',
    `${indent}with open(path, 'rb') as file:`,
    `${indent}${indent}return {'data': base64.b64encode(file.read()).decode(), 'mediaType': media_type}`,
    '',
    '',
    `files = ${listOf('{', files, '}', indent)}`,
    `data = json.dumps({'input': files, 'params': ${literal(params)}}).encode()`,
  ];
}

function reading(streams: boolean, produces: string | undefined): string[] {
  if (produces !== undefined)
    return [`    with open('${producedFile(produces)}', 'wb') as output:`, '        output.write(response.read())'];
  if (streams) return ['    for line in response:', "        print(line.decode().rstrip('\\n'))"];
  return ['    output = json.load(response)', '', 'print(output)'];
}

/** A value as Python writes it. */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return quotedText(value);
  if (Array.isArray(value)) return listOf('[', value.map(literal), ']', indent);
  if (typeof value !== 'object') return JSON.stringify(value);
  const entries = fieldsOfObject(value).map(([name, entry]) => `${quotedText(name)}: ${literal(entry)}`);
  return listOf('{', entries, '}', indent);
}
