// A modal dialog over the native element: focus is kept inside and given back, Esc closes.
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useWords } from '../app/context.ts';
import { IconButton } from './button.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
}

/** Shows its content in a modal dialog for as long as it is mounted. */
export function Dialog({ title, onClose, children, wide = false }: DialogProps) {
  const words = useWords();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        // A dialog over this one closes by itself.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <IconButton icon="cross" name={words.t('button.close')} onClick={onClose} />
      </header>
      {children}
    </dialog>
  );
}
