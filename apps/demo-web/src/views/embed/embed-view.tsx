import fallback from '../fallback-view.tsx';
import type { TaskView } from '../view.ts';

const view: TaskView = {
  ...fallback,
  samples: [
    {
      name: 'Three sentences',
      value: { texts: ['A cat sleeps on the sofa.', 'A kitten naps on a couch.', 'The stock market fell today.'] },
    },
  ],
};

export default view;
