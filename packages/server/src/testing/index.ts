export {
  CancelAtFirstRun,
  createSession,
  installedWeights,
  type LoadedModel,
  loadModel,
  type LoadModelOptions,
  sessionsThatRun,
} from './load-model.ts';
