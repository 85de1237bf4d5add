import { expect, it } from 'vitest';
import { isDeviceLost, isMachineFault, isOutOfMemory } from './device-errors.ts';

const cudaCall =
  '/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:121 std::conditional_t<THRW, void, onnxruntime::common::Status> ' +
  'onnxruntime::CudaCall(ERRTYPE, const char*, const char*, ERRTYPE, const char*, const char*, int) ';

/** Recorded messages, and where they were recorded: an issue of microsoft/onnxruntime, another project, or the text in a binary. */
const outOfMemory: readonly (readonly [source: string, message: string])[] = [
  [
    'onnxruntime#22702, CUDA, 1.19',
    "Non-zero status code returned while running Conv node. Name:'/patch_embed/stages/stages.0/blocks/blocks.0/mlp/fc1/Conv' Status " +
      'Message: /onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:376 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, ' +
      'bool, onnxruntime::Stream*, bool, onnxruntime::WaitNotificationFn) Failed to allocate memory for requested buffer of size 4585490524328388608',
  ],
  [
    'onnxruntime#9939, CUDA, 1.9',
    "Non-zero status code returned while running FusedMatMul node. Name:'MatMul_92_FusedMatMulAndScale' Status Message: " +
      '/onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:331 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool) ' +
      'Failed to allocate memory for requested buffer of size 8388608000',
  ],
  ['libonnxruntime.so 1.30.0, with a limit', 'Available memory of 1048576 is smaller than requested bytes of 2097152'],
  ['libonnxruntime.so 1.30.0', 'BFC Arena ran out of memory trying to allocate 8388608'],
  [
    'Deep-Live-Cam#584, CUDA',
    `${cudaCall}CUDA failure 2: out of memory ; GPU=0 ; hostname=h ; file=cuda_stream_handle.cc ; line=175 ; expr=cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);`,
  ],
  [
    'hallo#218, cuBLAS',
    `Exception during initialization: ${cudaCall}CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0 ; hostname=h ; file=cuda_execution_provider.cc ; line=164 ; expr=cublasCreate(&cublas_handle_);`,
  ],
  [
    'the names of cuDNN, in the format of libonnxruntime_providers_cuda.so',
    `${cudaCall}CUDNN failure 4003: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED ; GPU=0 ; hostname=h ; file=conv.cc ; line=1 ; expr=cudnnConvolutionForward(`,
  ],
  ['libonnxruntime_providers_cuda.so 1.29.0', 'CUFFT failure 2: CUFFT_ALLOC_FAILED ; GPU=0 ; hostname=h'],
  ['libonnxruntime.so 1.30.0', 'OneHot: failed to allocate output tensor. Output shape may be too large.'],
  ['onnxruntime#10770, TensorRT', '../rtSafe/safeRuntime.cpp (25) - Cuda Error in allocate: 2 (out of memory)'],
  [
    'diffusers#791, DirectML',
    'D:\\a\\_work\\1\\s\\onnxruntime\\core\\providers\\dml\\DmlExecutionProvider\\src\\BucketizedBufferAllocator.cpp(122): (caller: ' +
      '00007FFA8336D326) Exception(1) tid(4790) 8007000E Not enough memory resources are available to complete this operation.',
  ],
  ['onnxruntime#1725, CPU', 'std::bad_alloc'],
  [
    'onnxruntime#16305, Windows',
    "Non-zero status code returned while running FusedMatMul node. Name:'n' Status Message: bad allocation",
  ],
  ['V8', 'Array buffer allocation failed'],
];

it.each(outOfMemory)('too little memory: %s', (_source, message) => {
  const error = new Error(message);
  expect([isOutOfMemory(error), isDeviceLost(error), isMachineFault(error)]).toEqual([true, false, true]);
});

it.each([
  [
    'ort#321, CUDA',
    'CUDA failure 700: an illegal memory access was encountered ; GPU=0 ; hostname=10cb601a4a05 ; file=gpu_data_transfer.cc ; line=63 ; expr=cudaMemcpyAsync(',
  ],
  [
    'onnxruntime#2963, CUDA 10',
    'CUDA failure 77: an illegal memory access was encountered ; GPU=0 ; hostname=h ; expr=cudaEventDestroy(read_event_);',
  ],
  ["the numbers of CUDA's runtime", 'CUDA failure 719: unspecified launch failure ; GPU=0 ; hostname=h'],
  ["the numbers of CUDA's runtime", 'CUDA failure 214: uncorrectable ECC error encountered ; GPU=0 ; hostname=h'],
  [
    'onnxruntime#22700, DirectML',
    'ExecutionProvider.cpp(962): (caller: 00007FFABA30B740) Exception(3) tid(5a68) 887A0005 The GPU device instance has been suspended. Use ' +
      'GetDeviceRemovedReason to determine the appropriate action.',
  ],
  ['libonnxruntime.so 1.30.0, WebGPU', 'WebGPU device lost (1): out of memory'],
])('a device that is lost: %s', (_source, message) => {
  const error = new Error(message);
  expect([isOutOfMemory(error), isDeviceLost(error), isMachineFault(error)]).toEqual([false, true, true]);
});

it.each([
  [
    'onnxruntime#17337',
    `${cudaCall}CUDNN failure 1: CUDNN_STATUS_NOT_INITIALIZED ; GPU=0 ; hostname=h ; expr=cudnnCreate(&cudnn_handle_); `,
  ],
  [
    'roop-unleashed#995',
    "Non-zero status code returned while running Gemm node. Name:'Gemm_568' Status Message: CUBLAS failure 13: CUBLAS_STATUS_EXECUTION_FAILED ; GPU=0",
  ],
])('a failure of the device that is neither: %s', (_source, message) => {
  const error = new Error(message);
  expect([isOutOfMemory(error), isDeviceLost(error), isMachineFault(error)]).toEqual([false, false, true]);
});

it.each([
  "Non-zero status code returned while running Gather node. Name:'' Status Message: indices element out of data bounds, idx=7 must be within the inclusive range [-4,3]",
  'Got invalid dimensions for input: x for the following indices index: 1 Got: 700 Expected: 3',
])('a fault of the input is none of the machine: %s', (message) => {
  expect(isMachineFault(new Error(message))).toBe(false);
});
