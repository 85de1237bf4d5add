import type { GraphTensor, OnnxFile } from '../../../onnx/read-onnx.ts';

export type Tensor = [
  name: string,
  type: string,
  shape: GraphTensor['shape'],
  operator?: string,
  labels?: GraphTensor['labels'],
];

export interface Graph extends Partial<Pick<OnnxFile, 'metadata' | 'operators' | 'categories'>> {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/** Graphs as they are published, each with the preset that fits it. */
export const graphs = {
  openNsfw: {
    preset: 'image-classifier',
    inputs: [['input_0', 'float32', ['batch', 224, 224, 3]]],
    outputs: [['4195', 'float32', ['Softmax4195_dim_0', 2], 'Softmax']],
  },
  mnist: {
    preset: 'image-classifier',
    inputs: [['Input3', 'float32', [1, 1, 28, 28]]],
    outputs: [['Plus214_Output_0', 'float32', [1, 10], 'Gemm']],
  },
  nudenet: {
    preset: 'detector',
    inputs: [['images', 'float32', ['batch', 3, 'height', 'width']]],
    outputs: [['output0', 'float32', ['batch', 22, 'anchors'], 'Concat']],
    metadata: {
      imgsz: '[320, 320]',
      names: `{${Array.from({ length: 18 }, (_, at) => `${at}: 'PART_${at}'`).join(', ')}}`,
    },
  },
  yolox: {
    preset: 'detector',
    inputs: [['images', 'float32', [1, 3, 416, 416]]],
    outputs: [['output', 'float32', [1, 3549, 6]]],
  },
  yolo26: {
    preset: 'detector',
    inputs: [['images', 'float32', [1, 3, 640, 640]]],
    outputs: [['output0', 'float32', [1, 300, 6]]],
    metadata: { names: "{0: 'cat', 1: 'dog'}" },
  },
  ssd: {
    preset: 'detector',
    inputs: [['image_tensor:0', 'uint8', ['n', 'h', 'w', 3]]],
    outputs: [
      ['num_detections:0', 'float32', ['n']],
      ['detection_boxes:0', 'float32', ['n', 100, 4]],
      ['detection_scores:0', 'float32', ['n', 100]],
      ['detection_classes:0', 'float32', ['n', 100]],
    ],
  },
  rfDetr: {
    preset: 'detector',
    inputs: [['input', 'float32', [1, 3, 560, 560]]],
    outputs: [
      ['dets', 'float32', [1, 300, 4]],
      ['labels', 'float32', [1, 300, 91]],
    ],
  },
  faceVectors: {
    preset: 'embedding',
    inputs: [['input.1', 'float32', ['None', 3, 112, 112]]],
    outputs: [['embedding', 'float32', ['None', 512]]],
  },
  miniLm: {
    preset: 'embedding',
    inputs: [
      ['input_ids', 'int64', ['batch', 'sequence']],
      ['attention_mask', 'int64', ['batch', 'sequence']],
      ['token_type_ids', 'int64', ['batch', 'sequence']],
    ],
    outputs: [
      ['pooler_output', 'float32', ['batch', 384]],
      ['last_hidden_state', 'float32', ['batch', 'sequence', 384]],
    ],
  },
  iris: {
    preset: 'tabular',
    inputs: [['X', 'float32', [null, 4]]],
    outputs: [
      ['label', 'int64', [null]],
      ['probabilities', 'float32', [null, 3]],
    ],
    operators: [{ name: 'TreeEnsembleClassifier', domain: 'ai.onnx.ml', count: 1 }],
  },
  titanic: {
    preset: 'tabular',
    inputs: [
      ['age', 'float32', [null, 1]],
      ['sex', 'string', [null, 1]],
      ['passenger class', 'int64', [null, 1]],
    ],
    outputs: [
      ['label', 'string', [null]],
      ['probabilities', 'float32', [null, 2]],
    ],
    operators: [{ name: 'Imputer', domain: 'ai.onnx.ml', count: 1 }],
  },
  basicPitch: {
    preset: 'audio-classifier',
    inputs: [['serving_default_input_2:0', 'float32', ['unk__749', 43_844, 1]]],
    outputs: [['StatefulPartitionedCall:1', 'float32', ['unk__751', 172, 88], 'Sigmoid']],
  },
  linesOfText: {
    preset: 'raw',
    inputs: [['x', 'float32', ['n', 3, 48, 'width']]],
    outputs: [['softmax_11.tmp_0', 'float32', ['n', 'steps', 97], 'Softmax']],
  },
  captcha: {
    preset: 'raw',
    inputs: [['input1', 'float32', [1, 1, 64, 'image_width']]],
    outputs: [['387', 'float32', [1, 'seqlen'], 'Gemm']],
  },
  magika: {
    preset: 'raw',
    inputs: [['bytes', 'int32', ['N', 2048]]],
    outputs: [['target_label', 'float32', ['N', 214], 'Softmax']],
  },
} as const satisfies Record<string, Graph & { readonly preset: string }>;
