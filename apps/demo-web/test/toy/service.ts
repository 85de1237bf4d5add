import { type ModelSettings, registerModel, start } from '@portico/server';
import { countdown, measure, square } from './contract.ts';

const settings: ModelSettings = { variants: { toy: { weights: {} } }, replicas: 1 };

/** A service with tasks that the demo page does not know. */
await start({
  models: [
    registerModel({ task: measure, implementation: new URL('./measure.ts', import.meta.url), ...settings }),
    registerModel({ task: countdown, implementation: new URL('./countdown.ts', import.meta.url), ...settings }),
    registerModel({ task: square, implementation: new URL('./square.ts', import.meta.url), ...settings }),
  ],
});
