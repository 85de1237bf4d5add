import { expect, test } from 'vitest';
import { bytesOf, endingOf, fileNameOf, producedIn } from './produced-bytes.ts';

const url = 'data:audio/wav;base64,UklGRg==';

test('data URLs at the top of an output are what a task has produced', () => {
  expect(producedIn({ seconds: 2, speech: url, inner: { speech: url } })).toEqual([
    { field: 'speech', mediaType: 'audio/wav', dataUrl: url },
  ]);
});

test.each([
  null,
  7,
  url,
  [url],
  { a: 'data:audio/wav,RIFF' },
  { a: ' data:audio/wav;base64,' },
  { a: 'data:;base64,' },
])('%j has none', (output) => {
  expect(producedIn(output)).toEqual([]);
});

test('they are read with their media type; what cannot be read is empty', async () => {
  const blob = bytesOf({ dataUrl: url, mediaType: 'audio/wav' });
  expect([blob.type, await blob.text()]).toEqual(['audio/wav', 'RIFF']);
  expect(bytesOf({ dataUrl: 'data:audio/wav;base64,*', mediaType: 'audio/wav' }).size).toBe(0);
});

test.each([
  ['audio/wav', 'wav'],
  ['audio/x-wav', 'wav'],
  ['audio/mpeg', 'mp3'],
  ['application/pdf', 'pdf'],
  ['application/vnd.oasis.opendocument.text', 'bin'],
  ['application/octet-stream', 'bin'],
])('a file of %s ends in %s', (mediaType, ending) => {
  expect(endingOf(mediaType)).toBe(ending);
});

test('a field with a name that files should not have is saved under another', () => {
  expect(fileNameOf({ field: 'speech', mediaType: 'audio/wav' })).toBe('speech.wav');
  expect(fileNameOf({ field: '../../etc/passwd', mediaType: 'audio/wav' })).toBe('output.wav');
});
