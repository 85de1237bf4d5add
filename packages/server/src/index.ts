export { type ModelRegistry, register, type RegisteredModel } from './model/registry.ts';
export { start } from './start.ts';
export {
  configuredFile,
  type ConfiguredFile,
  download,
  type Download,
  localFile,
  type LocalFile,
  npmFile,
  type NpmFile,
  type WeightsFile,
} from './weights/weights-file.ts';
