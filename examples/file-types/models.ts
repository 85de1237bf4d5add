import { fileTypeModel } from './fileType/index.ts';

/** Every model of this service; one line registers one. */
export const models = [fileTypeModel];
