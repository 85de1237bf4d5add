import { type ModelSettings, registerModel, start } from '@portico/server';
import { beep, compare, countdown, join, measure, square, weigh } from './contract.ts';

const settings: ModelSettings = { variants: { toy: { weights: {} } }, replicas: 1 };

/** A service with tasks that the demo page does not know. */
await start({
  models: [
    registerModel({ task: measure, implementation: new URL('./measure.ts', import.meta.url), ...settings }),
    registerModel({ task: countdown, implementation: new URL('./countdown.ts', import.meta.url), ...settings }),
    registerModel({ task: square, implementation: new URL('./square.ts', import.meta.url), ...settings }),
    registerModel({ task: weigh, implementation: new URL('./weigh.ts', import.meta.url), ...settings }),
    registerModel({ task: compare, implementation: new URL('./compare.ts', import.meta.url), ...settings }),
    registerModel({ task: beep, implementation: new URL('./beep.ts', import.meta.url), ...settings }),
    registerModel({ task: join, implementation: new URL('./join.ts', import.meta.url), ...settings }),
  ],
});
