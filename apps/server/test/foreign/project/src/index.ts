import { localFile, registerModel } from '@portico/server';
import { double } from './contract.js';

const sha256 = 'e6b0e97ac98ef06345f6ebb1bd5a88ee99a496183a2945777cc64ce2e518a519';

export const doubleModel = registerModel({
  task: double,
  variants: {
    net: { weights: { net: localFile('weights/net.onnx', sha256) } },
    renamed: { weights: { net: localFile('weights/renamed.onnx') } },
  },
  implementation: new URL('./model.js', import.meta.url),
});
