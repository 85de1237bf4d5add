import { expect, test } from 'vitest';
import { ResponseReader } from './response-reader.ts';

const sized = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello');
const chunked = Buffer.from(
  'HTTP/1.1 503 Busy\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n',
);

test.each([
  ['a response of a length', sized, 200, 'hello'],
  ['a response in chunks', chunked, 503, 'hello world'],
])(
  '%s is read however it is cut up, one after another, from memory that is used again',
  (_name, bytes, status, body) => {
    for (let size = 1; size <= bytes.byteLength; size += 1) {
      const reader = new ResponseReader();
      const memory = Buffer.alloc(bytes.byteLength);
      for (let turn = 0; turn < 2; turn += 1) {
        for (let start = 0; start < bytes.byteLength; start += size) {
          const end = Math.min(start + size, bytes.byteLength);
          const chunk = memory.subarray(0, bytes.copy(memory, 0, start, end));
          const response = reader.push(chunk);
          const read = response && { status: response.status, body: response.body.toString() };
          expect(read).toEqual(end < bytes.byteLength ? undefined : { status, body });
        }
      }
    }
  },
);

test.each([
  ['more than a response', Buffer.concat([sized, sized]), /more than one/],
  ['something else', Buffer.from('SSH-2.0\r\n\r\n'), /No HTTP response/],
  ['a response without a length', Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), /without a length/],
])('%s is an error', (_name, bytes, message) => {
  expect(() => new ResponseReader().push(bytes)).toThrow(message);
});
