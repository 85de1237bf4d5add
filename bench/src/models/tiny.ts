import { denseModel } from './dense-model.ts';
import { tinyShape, tinyTask } from './tasks.ts';

export default denseModel(tinyTask, tinyShape.width);
