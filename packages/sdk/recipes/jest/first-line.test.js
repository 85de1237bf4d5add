const { PorticoError } = require('@portico/sdk');
const { firstLine } = require('./first-line');
const { portico } = require('./portico');

// Every method of the client becomes a mock.
jest.mock('./portico');

const picture = Uint8Array.of(1, 2, 3);

test('asks for lines of some confidence, and takes the first', async () => {
  portico.ocr.mockResolvedValue({ text: 'Dear reader', lines: [{ text: 'Dear reader', confidence: 0.98 }] });
  expect(await firstLine(picture)).toBe('Dear reader');
  expect(portico.ocr).toHaveBeenCalledWith(picture, { minConfidence: 0.6 });
});

test('leaves an error to whoever called', async () => {
  portico.ocr.mockRejectedValue(new PorticoError('OVERLOADED', 'Busy.', { retryAfterSeconds: 2 }));
  await expect(firstLine(picture)).rejects.toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 2 });
});
