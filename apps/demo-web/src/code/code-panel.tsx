import { useConnection, type TaskModel } from '../connection/connection.tsx';
import { CopyButton } from '../controls/copy-button.tsx';
import { Tabs } from '../controls/tabs.tsx';
import { changedOf } from '../form/schema.ts';
import type { Input, InputFile, Params } from '../views/view.ts';
import type { CallOnScreen, FileOnScreen } from './call-on-screen.ts';
import styles from './code-panel.module.css';
import { curlSnippet } from './curl.ts';
import { sdkSnippet, trpcSnippet } from './javascript.ts';
import { pythonSnippet } from './python.ts';

const languages = [
  { name: 'SDK', write: sdkSnippet },
  { name: 'tRPC', write: trpcSnippet },
  { name: 'curl', write: curlSnippet },
  { name: 'Python', write: pythonSnippet },
] as const;

interface CodePanelProps {
  readonly task: TaskModel;
  readonly input: Input;
  readonly params: Params;
}

/** The code that does what is on the screen. */
export function CodePanel({ task, input, params }: CodePanelProps) {
  const { url, apiKey } = useConnection();
  const call: CallOnScreen = {
    url,
    needsKey: apiKey !== '',
    task: task.name,
    input: inputOnScreen(input),
    params: changedOf(task.params, params),
    streams: task.item !== null,
    produces: task.produces?.mediaType,
  };
  return <Snippets snippets={languages.map(({ name, write }) => ({ name, code: write(call) }))} />;
}

function inputOnScreen(input: Input): CallOnScreen['input'] {
  if (input.kind === 'json') return { json: input.value };
  if (input.kind === 'file') return fileOnScreen(input);
  return {
    files: Object.fromEntries(Object.entries(input.files).map(([part, file]) => [part, fileOnScreen(file)])),
  };
}

const fileOnScreen = ({ name, blob }: InputFile): FileOnScreen => ({
  file: name,
  mediaType: blob.type || 'application/octet-stream',
});

interface SnippetsProps {
  readonly snippets: readonly { readonly name: string; readonly code: string }[];
}

/** The same in several languages, one of which is shown. */
export function Snippets({ snippets }: SnippetsProps) {
  return (
    <Tabs
      label="Language"
      tabs={snippets.map(({ name, code }) => ({
        name,
        action: <CopyButton key={name} text={code} />,
        content: (
          <pre className={styles.code} tabIndex={0} aria-label={`${name} code`}>
            <code>{code}</code>
          </pre>
        ),
      }))}
    />
  );
}
