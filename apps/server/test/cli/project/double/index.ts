import { localFile, registerModel } from '@portico/server';
import { double } from './contract.ts';

export const doubleModel = registerModel({
  task: double,
  implementation: new URL('./model.js', import.meta.url),
  variants: { net: { weights: { net: localFile('double/net.onnx') } } },
});
