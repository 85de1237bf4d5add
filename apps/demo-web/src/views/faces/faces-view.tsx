import fallback from '../fallback-view.tsx';
import type { TaskView } from '../view.ts';

const view: TaskView = {
  ...fallback,
  samples: [{ name: 'astronaut.png', url: new URL('../../../../../samples/astronaut.png', import.meta.url) }],
};

export default view;
