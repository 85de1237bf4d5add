import type { Device } from '@portico/schemas';

/** What the process may use: cgroup limits count as the machine. */
export interface Machine {
  readonly cores: number;
  readonly memoryBytes: number;
}

export interface ReplicaQuestion {
  readonly machine: Machine;
  readonly models: number;
  readonly threads: number;
  readonly replicaMemoryBytes: number | undefined;
  readonly replicas: number | undefined;
}

export interface ReplicaShape {
  /** Engine processes for each model, by the device they turn out to run on. */
  readonly replicasOn: (device: Device) => number;
  /** Bytes an engine may hold before it is replaced at once. */
  readonly replicaMemoryBytes: number;
}

const mebibyte = 1024 * 1024;
/** The gateway, the GPU monitor and the system's own. */
const gatewayBytes = 256 * mebibyte;
/** What an engine needs as a rule: OCR of photographs of 12 megapixels holds 650 MB. */
const usualReplicaBytes = 768 * mebibyte;
/** On a GPU one replica copies while the other computes. */
const replicasOnGpu = 2;

/** One thread a replica and replicas filling the cores and the memory, shared out over the models. */
export function defaultReplicas(question: ReplicaQuestion): ReplicaShape {
  const models = Math.max(1, question.models);
  const memory = Math.max(question.machine.memoryBytes - gatewayBytes, usualReplicaBytes);
  const byCores = Math.floor(question.machine.cores / question.threads / models);
  const byMemory = Math.floor(memory / (question.replicaMemoryBytes ?? usualReplicaBytes) / models);
  const onCpu = question.replicas ?? Math.max(1, Math.min(byCores, byMemory));
  const onGpu = question.replicas ?? replicasOnGpu;
  return {
    replicasOn: (device) => (device === 'cpu' ? onCpu : onGpu),
    replicaMemoryBytes: question.replicaMemoryBytes ?? Math.floor(memory / models / onCpu),
  };
}
