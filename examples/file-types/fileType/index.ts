import { localFile, registerModel } from '@portico/server';
import { fileTypeTask } from './contract.ts';

/**
 * Google's Magika, standard_v3_3 (Apache-2.0), as its Python package has it; `npm run weights` fetches the files. This is what the HTTP process
 * knows of the model: data, and where the code is. It never imports model.ts.
 */
export const fileTypeModel = registerModel({
  task: fileTypeTask,
  implementation: new URL('./model.js', import.meta.url),
  example: { file: 'samples/program.py' },
  // Engines verify the checksums before they load the files.
  variants: {
    'standard-v3.3': {
      weights: {
        network: localFile(
          'fileType/weights/model.onnx',
          'fe2d2eb49c5f88a9e0a6c048e15d6ffdf86235519c2afc535044de433169ec8c',
        ),
        config: localFile(
          'fileType/weights/config.min.json',
          'ae24c742205358f6ff6dfd5facb6743fb69743dbba8373e73da58ff0cbd695db',
        ),
        types: localFile(
          'fileType/weights/content_types_kb.min.json',
          '75208adba69bc0556403b62b32ef3ccf8b5ce494411780845852e52e6583a10d',
        ),
      },
    },
  },
  // Rows do not influence each other. The warm-up finds how many together pay.
  maxBatchSize: 'measured',
  memoryMegabytes: 160,
});
