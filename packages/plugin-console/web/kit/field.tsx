// A labelled form control with its hint and what is wrong with it.
import { useId, type ReactElement, type ReactNode, cloneElement } from 'react';

interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly issue?: string | undefined;
  readonly optional?: string;
  /** One native control; it gets the id and the descriptions. */
  readonly children: ReactElement<{ id?: string; 'aria-describedby'?: string | undefined; 'aria-invalid'?: boolean | undefined }>;
}

/** A labelled control. */
export function Field({ label, hint, issue, optional, children }: FieldProps) {
  const id = useId();
  const about = [hint && `${id}-hint`, issue && `${id}-issue`].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {optional && <span className="faint"> {optional}</span>}
      </label>
      {cloneElement(children, { id, 'aria-describedby': about === '' ? undefined : about, 'aria-invalid': issue ? true : undefined })}
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {issue && (
        <p className="issue" id={`${id}-issue`} role="alert">
          {issue}
        </p>
      )}
    </div>
  );
}

/** A group of controls under one name. */
export function FieldGroup({ label, issue, children }: { readonly label: string; readonly issue?: string | undefined; readonly children: ReactNode }) {
  return (
    <fieldset className="field">
      <legend>{label}</legend>
      {children}
      {issue && (
        <p className="issue" role="alert">
          {issue}
        </p>
      )}
    </fieldset>
  );
}
