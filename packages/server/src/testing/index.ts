export {
  CancelAtFirstRun,
  createSession,
  installedWeights,
  type LoadedModel,
  loadModel,
  type LoadModelOptions,
} from './load-model.ts';
