// Chooses several cameras: chips of what is chosen, a list of what can be.
import { useState } from 'react';
import type { CameraSummary } from '@wanglou/core';
import { useApp } from '../app/context.ts';

interface CameraPickerProps {
  readonly cameras: readonly CameraSummary[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Above this many cameras a search field helps. */
const manyCameras = 12;

/** Check boxes of all cameras, the chosen ones among them even when the list does not know them. */
export function CameraPicker({ cameras, chosen, onChange }: CameraPickerProps) {
  const { words } = useApp();
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const known = cameras.map(({ info }) => ({ id: info.id, name: words.text(info.name) }));
  const all = [...chosen.filter((id) => !known.some((camera) => camera.id === id)).map((id) => ({ id, name: id })), ...known];
  const shown = all.filter(({ id, name }) => chosen.includes(id) || `${id} ${name}`.toLowerCase().includes(wanted));
  return (
    <>
      {all.length > manyCameras && <input type="search" value={search} placeholder={words.t('wall.search')} aria-label={words.t('wall.search')} onChange={(event) => setSearch(event.target.value)} />}
      <div className="checks">
        {shown.map(({ id, name }) => (
          <label key={id} className="check">
            <input type="checkbox" data-testid={`request-camera-${id}`} checked={chosen.includes(id)} onChange={(event) => onChange(event.target.checked ? [...chosen, id] : chosen.filter((other) => other !== id))} />
            {name}
          </label>
        ))}
      </div>
    </>
  );
}
