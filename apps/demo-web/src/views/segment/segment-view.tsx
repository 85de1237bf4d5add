import type { TaskOutput, TaskParams } from '@portico/sdk';
import { useState } from 'react';
import panes from '../picture/panes.module.css';
import { Picture } from '../picture/picture.tsx';
import { defineView, type ViewProps } from '../view.ts';
import { BeforeAfter } from './before-after.tsx';
import styles from './segment-view.module.css';
import { type Kind, useSegmentation } from './segmentation.ts';

type Output = TaskOutput<'segment'>;

/** Below this part of the picture, what is left is noise rather than a person. */
const minCoverage = 0.005;

const kinds: Readonly<Record<Kind, string>> = { mask: 'Mask', cutout: 'Cut-out' };

type SegmentViewProps = ViewProps<TaskParams<'segment'>, Output>;

/** The picture before and after, with a handle between the two. */
function SegmentView(props: SegmentViewProps) {
  return props.input.kind === 'file' ? <Workbench key={props.input.url} {...props} input={props.input} /> : null;
}

type FileInput = Extract<SegmentViewProps['input'], { kind: 'file' }>;

function Workbench({ input, params, output, running, setParams }: SegmentViewProps & { readonly input: FileInput }) {
  const shown = useSegmentation(output, params.output ?? 'mask');
  const [wanted, setWanted] = useState<{ readonly after: Output | undefined; readonly kind: Kind }>();
  const kind = wanted !== undefined && wanted.after === output ? wanted.kind : (params.output ?? 'mask');
  return (
    <div className={panes.view}>
      <div className={styles.view}>
        <div className={styles.bar}>
          <div role="group" aria-label="Result as">
            {(['mask', 'cutout'] as const).map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={kind === one}
                onClick={() => {
                  setWanted({ after: output, kind: one });
                  setParams({ output: one });
                }}
              >
                {kinds[one]}
              </button>
            ))}
          </div>
          {shown && (
            <a href={shown.url} download={`${stemOf(input.name)}-${shown.kind}.png`}>
              Download PNG
            </a>
          )}
        </div>
        <Picture
          url={input.url}
          name={input.name}
          size={output}
          busy={running}
          readout={
            shown &&
            output &&
            `${output.width} × ${output.height} · people cover ${(100 * shown.coverage).toFixed(shown.coverage < 0.1 ? 1 : 0)} %`
          }
        >
          {() => shown && <BeforeAfter url={shown.url} kind={shown.kind} name={kinds[shown.kind]} />}
        </Picture>
        {shown && shown.coverage < minCoverage && (
          <p className={styles.none}>
            <strong>No person found.</strong> The model cuts people out, near or from the waist up; it leaves out
            animals and things.
          </p>
        )}
      </div>
    </div>
  );
}

const stemOf = (name: string): string => name.replace(/\.[^.]*$/, '');

export default defineView<TaskParams<'segment'>, Output>({
  View: SegmentView,
  samples: [{ name: 'astronaut.png', url: new URL('../../../../../samples/astronaut.png', import.meta.url) }],
});
