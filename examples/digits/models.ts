import { digitsModel } from './digits/index.ts';

/** Every model of this service; one line registers one. */
export const models = [digitsModel];
