// Why can't I? The rules are asked again about the very act that was refused; nothing is done by asking.
import { useApp, type AskedAct } from '../app/context.ts';
import { useOperation } from '../app/use-operation.ts';
import { Dialog } from '../kit/dialog.tsx';
import { Loading } from '../kit/states.tsx';
import { TraceView } from './trace-view.tsx';

/** Takes the decision about an act apart. */
export default function TraceDialog({ question, onClose }: { readonly question: AskedAct; readonly onClose: () => void }) {
  const { words } = useApp();
  const trace = useOperation('policy.explain', { operation: question.operation, input: question.input });
  return (
    <Dialog title={words.t('trace.title')} onClose={onClose} wide>
      <Loading loaded={trace}>{(answer) => <TraceView trace={answer} />}</Loading>
    </Dialog>
  );
}
