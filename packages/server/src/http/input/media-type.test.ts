import { audio, file, image } from '@portico/schemas';
import { describe, expect, it } from 'vitest';
import { isUndeclared, mediaTypeOf, normalMediaType } from './media-type.ts';

const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1]);
const wav = Buffer.concat([Buffer.from('RIFF\x24\0\0\0WAVEfmt '), Buffer.alloc(24)]);
const unsupported = expect.objectContaining({ code: 'UNSUPPORTED_MEDIA_TYPE' });

describe('A content type', () => {
  it.each([
    ['image/PNG; charset=binary', 'image/png'],
    [' image/jpg ', 'image/jpeg'],
    ['audio/x-wav', 'audio/wav'],
    ['audio/wave', 'audio/wav'],
    ['audio/vnd.wave; codec=1', 'audio/wav'],
    ['audio/mp3', 'audio/mpeg'],
    ['audio/x-flac', 'audio/flac'],
    ['audio/opus', 'audio/ogg'],
    ['audio/ogg; codecs=opus', 'audio/ogg'],
    ['application/json;charset=utf-8', 'application/json'],
    ['constructor', 'constructor'],
    ['__proto__', '__proto__'],
    [undefined, ''],
    ['', ''],
  ])('%s is %s', (given, normal) => {
    expect(normalMediaType(given)).toBe(normal);
  });

  it('that clients send when they do not know says nothing', () => {
    for (const type of ['', 'application/octet-stream', 'application/x-www-form-urlencoded'])
      expect(isUndeclared(type)).toBe(true);
    expect(isUndeclared('image/png')).toBe(false);
  });
});

describe('The media type of a file', () => {
  it('is what was declared, whatever the file holds', async () => {
    expect(await mediaTypeOf(Buffer.from('words'), 'image/png', image())).toBe('image/png');
  });

  it('is recognised where nothing was declared', async () => {
    expect(await mediaTypeOf(jpeg, '', image())).toBe('image/jpeg');
    expect(await mediaTypeOf(wav, 'application/octet-stream', audio())).toBe('audio/wav');
  });

  it('may be in a range of types, or have another name in the contract', async () => {
    expect(await mediaTypeOf(jpeg, 'video/mp4', file({ mediaTypes: ['video/*'] }))).toBe('video/mp4');
    expect(await mediaTypeOf(jpeg, 'model/gltf-binary', file())).toBe('model/gltf-binary');
    expect(await mediaTypeOf(wav, 'audio/wav', file({ mediaTypes: ['audio/x-wav'] }))).toBe('audio/wav');
    for (const type of ['videos/mp4', 'video', 'video/', 'video/a b', 'video/*', '*/*'])
      await expect(mediaTypeOf(jpeg, type, file({ mediaTypes: ['video/*'] }))).rejects.toEqual(unsupported);
    for (const type of ['anything', 'a/b/c', '\r\n', 'image/é'])
      await expect(mediaTypeOf(jpeg, type, file())).rejects.toEqual(unsupported);
  });

  it('is that of text or of any bytes where it is not recognised and the task takes that', async () => {
    const words = Buffer.from('words');
    const noText = Buffer.from([0xc0, 1, 2, 3]);
    expect(await mediaTypeOf(words, '', file())).toBe('text/plain');
    expect(await mediaTypeOf(noText, '', file())).toBe('application/octet-stream');
    expect(await mediaTypeOf(jpeg, '', file())).toBe('image/jpeg');
    const anyBytes = file({ mediaTypes: ['application/octet-stream'] });
    for (const data of [words, noText, jpeg])
      expect(await mediaTypeOf(data, '', anyBytes)).toBe('application/octet-stream');
    await expect(mediaTypeOf(noText, '', file({ mediaTypes: ['text/*'] }))).rejects.toEqual(unsupported);
    await expect(mediaTypeOf(words, '', file({ mediaTypes: ['text/csv'] }))).rejects.toEqual(unsupported);
  });

  it('must be one that the task accepts', async () => {
    await expect(mediaTypeOf(jpeg, 'image/svg+xml', image())).rejects.toEqual(unsupported);
    await expect(mediaTypeOf(jpeg, '', audio())).rejects.toEqual(unsupported);
    await expect(mediaTypeOf(Buffer.from('words'), '', image())).rejects.toEqual(unsupported);
  });
});
