import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeUpload } from './upload.ts';

const { signal } = new AbortController();

/** What would end a header, a quotation or a part if it were written as it is. */
const tricky = fc.constantFrom(
  '"',
  '\r\n',
  '\r',
  '\n',
  '\\',
  '; filename="x"',
  '\r\n\r\n',
  '--',
  '%22',
  '\0',
  'ü',
  '日本',
  '🎈',
  '\uD800',
);
const text = fc.array(fc.oneof(tricky, fc.string({ maxLength: 3 })), { maxLength: 5 }).map((parts) => parts.join(''));
/** Node leaves an empty name out, browsers do not. */
const fileName = text.filter((name) => name !== '');
/** Its line ends stay as they are, which are those of a parameter and no text area's. */
const value = text.filter((words) => !/[\r\n]/.test(words));
const mediaType = fc.oneof(fc.constantFrom('', 'image/png', 'text/plain; charset=utf-8', 'a/b\r\nx: y'), text);
const content = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  text.map((words) => new TextEncoder().encode(words)),
);

/** A body with its boundary left out, in Latin-1; names of headers are written in any case. */
async function comparable(body: BodyInit, contentType: string | null): Promise<string> {
  const [, boundary = '?'] = /boundary=(.*)$/.exec(contentType ?? '') ?? [];
  const bytes = Buffer.from(await new Response(body).arrayBuffer()).toString('latin1');
  return bytes.replaceAll(boundary, 'boundary').toLowerCase().trimEnd();
}

test("a form is what the platform's own is, byte for byte, whatever is in its names, types, texts and files", async () => {
  const scenario = fc.record({
    fields: fc.uniqueArray(fc.tuple(text, value), { maxLength: 3, selector: ([name]) => name }),
    files: fc.uniqueArray(fc.record({ part: text, name: fileName, mediaType, data: content }), {
      minLength: 1,
      maxLength: 2,
      selector: ({ part }) => part,
    }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ fields, files }) => {
      const form = new FormData();
      // An object lists names that are numbers first.
      for (const [name, words] of Object.entries(Object.fromEntries(fields))) form.append(name, words);
      const byPart = Object.fromEntries(files.map(({ part, ...file }) => [part, file]));
      for (const [part, file] of Object.entries(byPart))
        form.append(part, new Blob([file.data], { type: file.mediaType }), file.name);
      const encoded = await encodeUpload(byPart, Object.fromEntries(fields), signal);
      const expected = new Response(form);
      expect(await comparable(encoded.body, encoded.headers['content-type'] ?? null)).toBe(
        await comparable(await expected.arrayBuffer(), expected.headers.get('content-type')),
      );
    }),
    { numRuns: 100 },
  );
});
