// The video wall. Articles 16(5) and 17(2): live view of the points, refusals with a way forward.
import { useEffect, useRef, useState } from 'react';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { navigate, usePlace, withQuery } from '../app/router.tsx';
import { useShortcuts } from '../app/shortcuts.ts';
import { EmergencyButton } from '../emergency/emergency-button.tsx';
import { IconButton } from '../kit/button.tsx';
import { Empty, Failure, Skeleton } from '../kit/states.tsx';
import { CameraList } from './camera-list.tsx';
import { DutyGate } from './duty-gate.tsx';
import { Tile } from './tile.tsx';
import { layouts, pageCount, placesOf, putCamera, readWall, removeCamera, type WallState } from './wall-state.ts';

/** Live pictures of the chosen cameras. */
export function WallPage() {
  const { words } = useApp();
  const { session } = useDesk();
  const cameras = useCameras();
  const place = usePlace();
  const [selected, setSelected] = useState<number>();
  const [listOpen, setListOpen] = useState(false);
  const page = useRef<HTMLDivElement>(null);
  const known = cameras.list?.map(({ info }) => info.id) ?? [];
  const wall = readWall(place.query, known);
  const change = (changes: Readonly<Record<string, string | undefined>>, replace = false) => navigate(withQuery(place, changes), { replace });
  const toggleFocus = (camera: string) => change({ focus: wall.focus === camera ? undefined : camera });
  const toggleBare = () => void (document.fullscreenElement ? document.exitFullscreen() : page.current?.requestFullscreen().catch(() => undefined));

  useShortcuts([
    ...layouts.map((layout, index) => ({ keys: String(index + 1), run: () => change({ layout: String(layout), page: undefined, focus: undefined }) })),
    { keys: 'Escape', run: () => wall.focus && change({ focus: undefined }) },
    { keys: 'f', run: toggleBare },
  ]);
  useEffect(() => setSelected(undefined), [wall.page, wall.layout]);

  if (!cameras.list) return cameras.problem ? <Failure problem={cameras.problem} onRetry={cameras.reload} /> : <Skeleton rows={9} />;
  if (cameras.list.length === 0) {
    return (
      <Empty icon="camera" title={words.t('wall.empty')}>
        <p>{words.t('wall.empty-hint')}</p>
      </Empty>
    );
  }
  const pick = (camera: string) => {
    setListOpen(false);
    if (wall.cameras.includes(camera)) change({ page: pageOf(wall, camera), focus: wall.focus && wall.focus !== camera ? camera : wall.focus });
    else change({ cams: putCamera(wall, camera, selected).join(',') });
  };
  const askFirst = !session.actions.includes('live');
  const tiles = (
    <div className={`tiles tiles-${wall.layout} ${wall.focus ? 'has-focus' : ''}`}>
      {placesOf(wall).map((camera, index) =>
        camera === '' ? (
          <button type="button" key={`empty-${index}`} className={`tile vacant ${selected === index ? 'selected' : ''}`} onClick={() => (setSelected(index), setListOpen(true))}>
            {words.t('wall.vacant')}
          </button>
        ) : (
          <Tile
            key={camera}
            camera={camera}
            number={wall.page * wall.layout + index + 1}
            focused={wall.focus === camera}
            selected={selected === index}
            single={wall.layout === 1}
            onSelect={() => setSelected(index)}
            onFocus={() => toggleFocus(camera)}
            onRemove={() => change({ cams: removeCamera(wall, camera).join(',') || ',' })}
          />
        ),
      )}
    </div>
  );
  return (
    <div className="wall" ref={page}>
      <h1 className="off-screen">{words.t('page.wall')}</h1>
      <CameraList cameras={cameras.list} statuses={cameras.statuses} healths={cameras.healths} onWall={wall.cameras} open={listOpen} onPick={pick} onClose={() => setListOpen(false)} />
      <section className="wall-stage">
        <div className="toolbar">
          <IconButton icon="list" name={words.t('wall.cameras')} className="narrow-only" onClick={() => setListOpen(true)} />
          <LayoutChoice wall={wall} onChoose={(layout) => change({ layout: String(layout), page: undefined, focus: undefined })} />
          <div className="grow" />
          <EmergencyButton cameras={wall.focus ? [wall.focus] : []} />
          <Pages wall={wall} onPage={(number) => change({ page: number === 0 ? undefined : String(number + 1), focus: undefined })} />
          <IconButton icon="full" name={words.t('wall.bare')} onClick={toggleBare} />
        </div>
        {askFirst ? <DutyGate>{tiles}</DutyGate> : tiles}
      </section>
    </div>
  );
}

function pageOf(wall: WallState, camera: string): string | undefined {
  const page = Math.floor(wall.cameras.indexOf(camera) / wall.layout);
  return page === 0 ? undefined : String(page + 1);
}

function LayoutChoice({ wall, onChoose }: { readonly wall: WallState; readonly onChoose: (layout: (typeof layouts)[number]) => void }) {
  const { words } = useApp();
  return (
    <div className="segments" role="group" aria-label={words.t('wall.layout')}>
      {layouts.map((layout) => (
        <button type="button" key={layout} aria-pressed={wall.layout === layout && !wall.focus} onClick={() => onChoose(layout)} aria-label={words.t('wall.layout-of', { count: layout })} data-testid={`layout-${layout}`}>
          {layout}
        </button>
      ))}
    </div>
  );
}

function Pages({ wall, onPage }: { readonly wall: WallState; readonly onPage: (page: number) => void }) {
  const { words } = useApp();
  const count = pageCount(wall.cameras.length, wall.layout);
  if (count === 1) return undefined;
  return (
    <div className="row tight">
      <IconButton icon="left" name={words.t('wall.page-before')} disabled={wall.page === 0} onClick={() => onPage(wall.page - 1)} />
      <span className="figures">
        {wall.page + 1} / {count}
      </span>
      <IconButton icon="right" name={words.t('wall.page-after')} disabled={wall.page === count - 1} onClick={() => onPage(wall.page + 1)} />
    </div>
  );
}
