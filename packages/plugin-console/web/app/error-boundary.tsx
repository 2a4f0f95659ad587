// A page that fails takes nothing else down, and says what happened.
import { Component, type ReactNode } from 'react';
import { asProblem, type Problem } from '../api/problem.ts';
import { Failure } from '../kit/states.tsx';

interface State {
  readonly problem: Problem | undefined;
}

/** Catches what its children throw while they render. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { problem: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { problem: asProblem(error) };
  }

  override render(): ReactNode {
    if (!this.state.problem) return this.props.children;
    return (
      <main className="entrance">
        <Failure problem={this.state.problem} onRetry={() => this.setState({ problem: undefined })} />
      </main>
    );
  }
}
