import { SuperJSON } from 'superjson';
import { bytesFromBase64, bytesToBase64 } from './base64.ts';
import { isNumbers, numbersFromText, numbersToText } from './typed-arrays.ts';

/**
 * How values travel over tRPC: SuperJSON, with bytes and typed arrays as base64.
 * Its own instance, because SuperJSON's default turns each byte into a number: 1 MB becomes 3.6 MB.
 */
export const transformer: SuperJSON = /* @__PURE__ */ createTransformer();

function createTransformer(): SuperJSON {
  const superJson = new SuperJSON();
  superJson.registerCustom<Uint8Array, string>(
    {
      isApplicable: (value): value is Uint8Array => value instanceof Uint8Array,
      serialize: bytesToBase64,
      deserialize: bytesFromBase64,
    },
    'bytes',
  );
  superJson.registerCustom(
    { isApplicable: isNumbers, serialize: numbersToText, deserialize: numbersFromText },
    'numbers',
  );
  return superJson;
}
