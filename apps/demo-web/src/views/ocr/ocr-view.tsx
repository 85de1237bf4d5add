import fallback from '../fallback-view.tsx';
import type { TaskView } from '../view.ts';

const view: TaskView = {
  ...fallback,
  samples: [{ name: 'page.jpg', url: new URL('../../../../../samples/page.jpg', import.meta.url) }],
};

export default view;
