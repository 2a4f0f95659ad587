// Registers a workstation, or changes what it is known by.
import { useState } from 'react';
import type { Workstation } from '@wanglou/plugin-access/contract';
import { useApp } from '../app/context.ts';
import { ActForm } from '../kit/act-form.tsx';
import { Field } from '../kit/field.tsx';

interface StationDialogProps {
  /** Absent for a new one. */
  readonly station: Workstation | undefined;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

/** Addresses as they are typed: one a line, or with commas. */
export function typedAddresses(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,，;；、]+/).filter((part) => part !== ''))];
}

/** The form of a workstation. */
export function StationDialog({ station, onClose, onSaved }: StationDialogProps) {
  const { words, client } = useApp();
  const [id, setId] = useState(station?.id ?? '');
  const [name, setName] = useState(station?.name ?? '');
  const [addresses, setAddresses] = useState(station?.addresses.join('\n') ?? '');
  const [certificate, setCertificate] = useState(station?.certificateSha256 ?? '');
  const save = async () => {
    const certificateSha256 = certificate.replaceAll(':', '').trim().toLowerCase();
    await client.call('workstation.register', { id, name: name.trim(), addresses: [...typedAddresses(addresses)], ...(certificateSha256 && { certificateSha256 }) });
    onSaved();
  };
  return (
    <ActForm title={words.t(station ? 'stations.edit' : 'stations.new')} confirm={words.t('people.save')} testId="station" ready={id !== '' && name.trim() !== ''} onConfirm={save} onClose={onClose}>
      <Field label={words.t('stations.id')} hint={words.t('people.id-hint')}>
        <input required maxLength={32} pattern="[a-z][a-z0-9\-]{1,31}" autoCapitalize="none" spellCheck={false} readOnly={station !== undefined} value={id} onChange={(event) => setId(event.target.value.trim())} data-testid="station-id" />
      </Field>
      <Field label={words.t('stations.name')}>
        <input required maxLength={64} value={name} onChange={(event) => setName(event.target.value)} data-testid="station-name" />
      </Field>
      <Field label={words.t('stations.addresses')} hint={words.t('stations.addresses-hint')} optional={words.t('field.optional')}>
        <textarea className="figures" rows={2} value={addresses} onChange={(event) => setAddresses(event.target.value)} />
      </Field>
      <Field label={words.t('stations.certificate-hash')} hint={words.t('stations.certificate-hint')} optional={words.t('field.optional')}>
        <input className="figures" spellCheck={false} maxLength={95} value={certificate} onChange={(event) => setCertificate(event.target.value)} />
      </Field>
    </ActForm>
  );
}
