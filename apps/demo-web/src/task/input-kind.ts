import type { TaskModel } from '../connection/connection.tsx';
import type { IconName } from '../controls/icon.tsx';

type Accepts = Pick<TaskModel, 'accepts'>;

const all = ({ accepts }: Accepts, kind: string): boolean => accepts.every((type) => type.startsWith(kind));

/** What a person calls the input of a task. */
export function nounOf(task: Accepts): 'picture' | 'recording' | 'file' | 'text' {
  if (all(task, 'image/')) return 'picture';
  if (all(task, 'audio/')) return 'recording';
  return takesJson(task) ? 'text' : 'file';
}

export const iconOf = (task: Accepts): IconName =>
  ({ picture: 'image', recording: 'sound', file: 'file', text: 'text' } as const)[nounOf(task)];

export const takesJson = ({ accepts }: Accepts): boolean => accepts.includes('application/json');
