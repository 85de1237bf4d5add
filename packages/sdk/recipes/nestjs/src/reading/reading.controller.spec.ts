import { Test } from '@nestjs/testing';
import { createPortico, type Portico, PorticoError } from '@portico/sdk';
import request from 'supertest';
import { PORTICO } from './portico.js';
import { ReadingModule } from './reading.module.js';

describe('ReadingController', () => {
  // It opens no connection, and what is not replaced fails.
  const portico: Portico = createPortico({ url: 'http://localhost:1', retry: false });

  async function upload(bytes: Uint8Array): Promise<request.Response> {
    const tested = await Test.createTestingModule({ imports: [ReadingModule] })
      .overrideProvider(PORTICO)
      .useValue(portico)
      .compile();
    const app = await tested.createNestApplication().init();
    const response = await request(app.getHttpServer()).post('/text').attach('file', Buffer.from(bytes), 'page.jpg');
    await app.close();
    return response;
  }

  it('returns the text of the picture', async () => {
    const page = { text: 'Dear reader', lines: [], width: 640, height: 120, angle: 0, warnings: [] };
    const ocr = vi.spyOn(portico, 'ocr').mockResolvedValue(page);
    const response = await upload(Uint8Array.of(1, 2, 3));
    expect([response.status, response.body]).toEqual([200, { text: 'Dear reader' }]);
    expect(ocr).toHaveBeenCalledWith(expect.objectContaining({ name: 'page.jpg' }), {}, expect.anything());
  });

  it('says why a picture cannot be read', async () => {
    vi.spyOn(portico, 'ocr').mockRejectedValue(new PorticoError('BAD_INPUT', 'The picture is empty.', { status: 400 }));
    const response = await upload(Uint8Array.of(1, 2, 3));
    expect([response.status, response.body]).toEqual([400, { code: 'BAD_INPUT', message: 'The picture is empty.' }]);
  });
});
