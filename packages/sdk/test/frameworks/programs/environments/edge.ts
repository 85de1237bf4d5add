import { callEverything } from './call-everything.ts';

Object.assign(globalThis, { callEverything });
