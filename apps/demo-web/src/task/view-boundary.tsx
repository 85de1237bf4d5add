import { Component, type ReactNode } from 'react';
import { Notice } from '../controls/notice.tsx';

interface BoundaryProps {
  /** Another value is another attempt. */
  readonly attempt: unknown;
  readonly children: ReactNode;
}

interface BoundaryState {
  readonly attempt: unknown;
  readonly failed: boolean;
}

/** Keeps a view that fails from taking the page with it: another service may have another task of the same name. */
export class ViewBoundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { attempt: this.props.attempt, failed: false };

  static getDerivedStateFromError(): Partial<BoundaryState> {
    return { failed: true };
  }

  static getDerivedStateFromProps({ attempt }: BoundaryProps, state: BoundaryState): BoundaryState | null {
    return attempt === state.attempt ? null : { attempt, failed: false };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Notice tone="warn" title="This output cannot be drawn">
        It is not what the view of this task expects. The whole output is listed below.
      </Notice>
    );
  }
}
