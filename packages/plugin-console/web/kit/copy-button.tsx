// Copies text; where the clipboard is closed (plain HTTP), an old way that still works.
import { useState } from 'react';
import { useWords } from '../app/context.ts';
import { Button } from './button.tsx';

/** Puts text on the clipboard and says whether it got there. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'off-screen';
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    return copied;
  }
}

/** A button that copies. `text` is made when it is needed. */
export function CopyButton({ text, label }: { readonly text: () => string; readonly label: string }) {
  const words = useWords();
  const [copied, setCopied] = useState<boolean>();
  const copy = async () => {
    setCopied(await copyText(text()));
    setTimeout(() => setCopied(undefined), 2500);
  };
  const result = copied === undefined ? label : words.t(copied ? 'button.copied' : 'button.copy-failed');
  return (
    <Button look="quiet" icon={copied ? 'check' : 'copy'} onClick={() => void copy()} aria-live="polite">
      {result}
    </Button>
  );
}
