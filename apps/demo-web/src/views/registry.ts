import { type ComponentType, lazy } from 'react';
import type { Sample, TaskView, ViewProps } from './view.ts';

const page: Sample = { name: 'page.jpg', url: new URL('../../../../samples/page.jpg', import.meta.url) };
const portrait: Sample = { name: 'astronaut.png', url: new URL('../../../../samples/astronaut.png', import.meta.url) };
const speech: Sample = { name: 'speech.flac', url: new URL('../../../../samples/speech.flac', import.meta.url) };

const sentences: Sample = {
  name: 'Three sentences',
  value: { texts: ['A cat sleeps on the sofa.', 'A kitten naps on a couch.', 'The stock market fell today.'] },
};
const questions: Sample = {
  name: 'Questions',
  value: {
    texts: [
      'How do I reset my password?',
      'I cannot log in any more.',
      'Where is my parcel?',
      'When will my order arrive?',
      'Do you have vegetarian dishes?',
      'Is there anything on the menu without meat?',
    ],
  },
};

/** The views of the bundled tasks, a chunk each. */
const views: Readonly<Record<string, TaskView>> = {
  ocr: { ...loaded(() => import('./ocr/ocr-view.tsx')), samples: [page] },
  faces: { ...loaded(() => import('./faces/faces-view.tsx')), samples: [portrait] },
  segment: { ...loaded(() => import('./segment/segment-view.tsx')), samples: [portrait] },
  vad: { ...loaded(() => import('./vad/vad-view.tsx')), samples: [speech] },
  embed: {
    ...loaded(() => import('./embed/embed-view.tsx')),
    samples: [sentences, questions],
    editsInput: true,
    notServed:
      'This server does not serve embeddings. Add embed to its MODEL_NAME, set EMBED_WEIGHTS to a folder with model.onnx and tokenizer.json, such as all-MiniLM-L6-v2, and restart it.',
  },
};

/** The view of any other task. */
const fallback: TaskView = { ...loaded(() => import('./fallback-view.tsx')), samples: [] };

export const viewOf = (task: string): TaskView => (Object.hasOwn(views, task) ? views[task]! : fallback);

/** A view that is loaded when it is needed. Its types are those of its task, which is what the server sends. */
function loaded<P, Output, Item>(
  load: () => Promise<{ default: ComponentType<ViewProps<P, Output, Item>> }>,
): Pick<TaskView, 'View' | 'preload'> {
  return {
    View: lazy(load as unknown as () => Promise<{ default: ComponentType<ViewProps> }>),
    // A view that cannot be loaded is reported when it is shown.
    preload: () => void load().catch(() => {}),
  };
}
