import { doubleModel } from './double/index.ts';

export const models = [doubleModel];
