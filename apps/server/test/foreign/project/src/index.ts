import { localFile, registerModel } from '@portico/server';
import { double } from './contract.js';

const sha256 = '6704e3ad5e63c8cd0f6d091563807d08ef8c3ef7b8e97a86f3e4c125f78b60c1';

export const doubleModel = registerModel({
  task: double,
  variants: {
    net: { weights: { net: localFile('weights/net.onnx', sha256) } },
    renamed: { weights: { net: localFile('weights/renamed.onnx') } },
  },
  implementation: new URL('./model.js', import.meta.url),
});
