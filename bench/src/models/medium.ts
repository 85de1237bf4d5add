import { denseModel } from './dense-model.ts';
import { mediumShape, mediumTask } from './tasks.ts';

export default denseModel(mediumTask, mediumShape.width);
