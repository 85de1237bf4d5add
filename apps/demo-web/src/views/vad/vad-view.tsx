import fallback from '../fallback-view.tsx';
import type { TaskView } from '../view.ts';

const view: TaskView = {
  ...fallback,
  samples: [{ name: 'speech.flac', url: new URL('../../../../../samples/speech.flac', import.meta.url) }],
};

export default view;
