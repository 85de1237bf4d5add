import { penguinsModel } from './penguins/index.ts';

/** Every model of this service; one line registers one. */
export const models = [penguinsModel];
