// Camera, date, time and length, always typed if one likes.
import type { TimeRange } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { zoneParts } from '../i18n/zone-time.ts';
import { Button } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { MomentInput } from './moment-input.tsx';
import { lastMinutes, lengths, mostTogether, type PlaybackChoice } from './playback-query.ts';

interface RangeControlsProps {
  readonly choice: PlaybackChoice;
  readonly playing: boolean;
  readonly onCamera: (camera: string) => void;
  readonly onBeside: (cameras: readonly string[]) => void;
  readonly onRange: (range: TimeRange) => void;
  readonly onPlay: () => void;
  readonly onCopy: () => void;
}

/** Chooses what is played. */
export function RangeControls({ choice, playing, onCamera, onBeside, onRange, onPlay, onCopy }: RangeControlsProps) {
  const { words, now } = useApp();
  const { formats } = useDesk();
  const cameras = useCameras();
  const { range } = choice;
  const lengthMs = range.toMs - range.fromMs;
  const minutes = lengthMs / 60_000;
  return (
    <form
      className="range-controls"
      onSubmit={(event) => {
        event.preventDefault();
        onPlay();
      }}
    >
      <Field label={words.t('playback.camera')}>
        <select data-testid="playback-camera" value={choice.camera ?? ''} onChange={(event) => onCamera(event.target.value)}>
          {cameras.list?.map(({ info }) => (
            <option key={info.id} value={info.id}>
              {words.text(info.name)}
            </option>
          ))}
        </select>
      </Field>
      <Field label={words.t('playback.beside')}>
        <select data-testid="playback-beside" value="" disabled={choice.beside.length >= mostTogether - 1} onChange={(event) => onBeside([...choice.beside, event.target.value])}>
          <option value="">{words.t('playback.add-camera', { count: choice.beside.length })}</option>
          {cameras.list
            ?.filter(({ info }) => info.id !== choice.camera && !choice.beside.includes(info.id))
            .map(({ info }) => (
              <option key={info.id} value={info.id}>
                {words.text(info.name)}
              </option>
            ))}
        </select>
      </Field>
      <MomentInput label={words.t('playback.from')} testId="playback-from" valueMs={range.fromMs} onChange={(fromMs) => onRange({ fromMs, toMs: fromMs + lengthMs })} />
      <Field label={words.t('playback.length')}>
        <select data-testid="playback-length" value={String(minutes)} onChange={(event) => onRange({ fromMs: range.fromMs, toMs: range.fromMs + Number(event.target.value) * 60_000 })}>
          {lengths.some((length) => length === minutes) || <option value={String(minutes)}>{formats.length(lengthMs)}</option>}
          {lengths.map((length) => (
            <option key={length} value={String(length)}>
              {formats.length(length * 60_000)}
            </option>
          ))}
        </select>
      </Field>
      <div className="chips" role="group" aria-label={words.t('playback.quick')}>
        {[1, 10, 60].map((length) => (
          <button type="button" className="chip" key={length} data-testid={`playback-last-${length}`} onClick={() => onRange(lastMinutes(length, now()))}>
            {words.t('playback.last', { length: formats.length(length * 60_000) })}
          </button>
        ))}
        <button type="button" className="chip" onClick={() => onRange({ fromMs: range.fromMs - 86_400_000, toMs: range.toMs - 86_400_000 })} title={zoneParts(range.fromMs - 86_400_000, formats.timeZone).date}>
          {words.t('playback.day-before')}
        </button>
      </div>
      <Button icon="download" onClick={onCopy} data-testid="playback-copy">
        {words.t('action.copy')}
      </Button>
      <Button type="submit" look={playing ? 'plain' : 'primary'} icon="play" data-testid="playback-play">
        {words.t('playback.play')}
      </Button>
    </form>
  );
}
