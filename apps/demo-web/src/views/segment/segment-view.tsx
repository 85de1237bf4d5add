import type { TaskOutput, TaskParams } from '@portico/sdk';
import { useState } from 'react';
import { SaveButton, stemOf } from '../../controls/save-button.tsx';
import { Segmented } from '../../controls/segmented.tsx';
import panes from '../../picture/panes.module.css';
import { Picture } from '../../picture/picture.tsx';
import type { ViewProps } from '../view.ts';
import { BeforeAfter } from './before-after.tsx';
import styles from './segment-view.module.css';
import { type Kind, type Segmentation, useSegmentation } from './segmentation.ts';

type Output = TaskOutput<'segment'>;

/** People that cover less of the picture are noise. */
const minCoverage = 0.005;

const kinds: Readonly<Record<Kind, string>> = { mask: 'Mask', cutout: 'Cut-out' };

type SegmentViewProps = ViewProps<TaskParams<'segment'>, Output>;

/** The picture before and after, with a handle between the two. */
export default function SegmentView(props: SegmentViewProps) {
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
          <Segmented
            label="Result as"
            values={['mask', 'cutout'] satisfies Kind[]}
            value={kind}
            labelOf={(value) => kinds[value]}
            onChange={(value) => {
              setWanted({ after: output, kind: value });
              setParams({ output: value });
            }}
          />
          {shown && (
            <SaveButton blob={() => shown.blob} name={`${stemOf(input.name)}-${shown.kind}.png`}>
              Download PNG
            </SaveButton>
          )}
        </div>
        <Picture
          url={input.url}
          name={input.name}
          size={output}
          busy={running}
          summary={output && shown && summaryOf(output, shown)}
        >
          {() => shown && <BeforeAfter url={shown.url} kind={shown.kind} name={kinds[shown.kind]} />}
        </Picture>
      </div>
    </div>
  );
}

function summaryOf({ width, height }: Output, { coverage }: Segmentation): string {
  if (coverage < minCoverage) return 'No person found. Only people are segmented, not animals or objects.';
  return `${width} × ${height} · people cover ${(100 * coverage).toFixed(0)} %`;
}
