import type { Device } from '@portico/schemas';
import type { InferenceSession } from 'onnxruntime-node';

/** ONNX Runtime's option for one device. Only CUDA and DirectML can be told which of several. */
export function executionProvider(device: Device, index: number): InferenceSession.ExecutionProviderConfig {
  if (device === 'cuda') return { name: 'cuda', deviceId: index };
  if (device === 'dml') return { name: 'dml', deviceId: index };
  return device;
}
