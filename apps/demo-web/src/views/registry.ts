import type { TaskView } from './view.ts';

/** The views of the bundled tasks, a chunk each. Any other task gets the fallback. */
const views: Readonly<Record<string, () => Promise<{ default: TaskView }>>> = {
  ocr: () => import('./ocr/ocr-view.tsx'),
  faces: () => import('./faces/faces-view.tsx'),
  segment: () => import('./segment/segment-view.tsx'),
  vad: () => import('./vad/vad-view.tsx'),
  embed: () => import('./embed/embed-view.tsx'),
};

const fallback = (): Promise<{ default: TaskView }> => import('./fallback-view.tsx');

const loaded = new Map<string, Promise<TaskView>>();

/** The view of a task: always the same promise for one name, for `use`. */
export function viewOf(task: string): Promise<TaskView> {
  const known = loaded.get(task);
  if (known !== undefined) return known;
  const view = (Object.hasOwn(views, task) ? views[task]! : fallback)().then((module) => module.default);
  loaded.set(task, view);
  return view;
}
