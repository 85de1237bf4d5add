import type { TaskModel } from '../connection/connection.tsx';
import type { IconName } from '../controls/icon.tsx';

type Accepts = Pick<TaskModel, 'accepts'>;
type Takes = Pick<TaskModel, 'accepts' | 'inputKind'>;

const all = ({ accepts }: Accepts, kind: string): boolean => accepts.every((type) => type.startsWith(kind));

/** What a person calls the input of a task, or one of its files. */
export function nounOf(takes: Accepts & Partial<Takes>): 'picture' | 'recording' | 'video' | 'file' | 'files' | 'text' {
  if (takes.inputKind === 'form') return 'files';
  if (takes.inputKind === 'json') return 'text';
  if (all(takes, 'image/')) return 'picture';
  if (all(takes, 'audio/')) return 'recording';
  return all(takes, 'video/') ? 'video' : 'file';
}

export const iconOf = (takes: Accepts & Partial<Takes>): IconName =>
  ({ picture: 'image', recording: 'sound', video: 'play', file: 'file', files: 'file', text: 'text' } as const)[
    nounOf(takes)
  ];

/** Media types in words; any file needs none. */
export const typesText = ({ accepts }: Accepts): string =>
  accepts
    .filter((type) => type !== '*/*')
    .map((type) => (type.endsWith('/*') ? `any ${type.slice(0, -2)}` : (type.split('/')[1] ?? type)))
    .join(', ');

/** Whether a file with this type, of its own or by its name, is of a kind that is taken. */
export function takesKind({ accepts }: Accepts, mediaType: string): boolean {
  const kind = mediaType.replace(/\/.*/, '/');
  return mediaType === '' || accepts.some((type) => type === '*/*' || type.startsWith(kind));
}
