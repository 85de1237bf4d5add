import {
  type CallOnScreen,
  fieldsOfObject,
  fieldsOfParams,
  keyVariable,
  listOf,
  pictureFile,
  quotedText,
} from './call-on-screen.ts';

const indent = '    ';

/** A program for Python 3 without any package. */
export function pythonSnippet({ url, needsKey, task, input, params, streams, picture }: CallOnScreen): string {
  const isFile = 'file' in input;
  const query = isFile ? new URLSearchParams(fieldsOfParams(params)).toString() : '';
  const headers = [
    `'content-type': ${literal(isFile ? input.mediaType : 'application/json')}`,
    ...(picture ? ["'accept': 'image/png'"] : []),
    ...(streams ? ["'accept': 'text/event-stream'"] : []),
    ...(needsKey ? [`'x-api-key': os.environ['${keyVariable}']`] : []),
  ];
  const needsJson = !isFile || (!picture && !streams);
  return [
    ...(needsJson ? ['import json'] : []),
    ...(needsKey ? ['import os'] : []),
    'from urllib.request import Request, urlopen',
    '',
    ...(isFile
      ? [`with open(${literal(input.file)}, 'rb') as file:`, '    data = file.read()']
      : [`data = json.dumps(${literal({ input: input.json, params })}).encode()`]),
    `headers = ${listOf('{', headers, '}', indent)}`,
    `request = Request(${literal(`${url}/${task}${query === '' ? '' : `?${query}`}`)}, data=data, headers=headers)`,
    'with urlopen(request) as response:',
    ...reading(streams, picture),
    '',
  ].join('\n');
}

function reading(streams: boolean, picture: boolean): string[] {
  if (picture) return [`    with open('${pictureFile}', 'wb') as output:`, '        output.write(response.read())'];
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
