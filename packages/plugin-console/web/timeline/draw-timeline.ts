// Draws a timeline on a canvas: recorded solid, gaps hatched, deleted as a line, the chosen range, the playing moment.
import type { TimeRange } from '@wanglou/core';
import { ticks, toPixel, toStretch, type Footage, type TimeWindow } from './timeline-math.ts';

/** Colours, as the style sheet has them. */
export interface TimelineColours {
  readonly ground: string;
  readonly recorded: string;
  readonly gap: string;
  readonly range: string;
  readonly head: string;
  readonly text: string;
  readonly line: string;
  readonly font: string;
}

/** What is drawn. */
export interface TimelinePicture {
  readonly window: TimeWindow;
  readonly footage: Footage;
  readonly range: TimeRange | undefined;
  readonly atMs: number | undefined;
  readonly nowMs: number;
  readonly zoneOffsetMs: number;
  readonly label: (atMs: number) => string;
}

/** Heights in pixels: the scale above, the band below. */
export const bandTop = 26;
const bandBottom = 10;

/** Reads the colours of an element. */
export function readColours(element: Element): TimelineColours {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return { ground: read('ground-sunken'), recorded: read('recorded'), gap: read('gap'), range: read('accent'), head: read('text'), text: read('text-faint'), line: read('line'), font: `11px ${style.fontFamily}` };
}

/** Draws the whole picture. Sizes are in CSS pixels; the context is scaled already. */
export function drawTimeline(context: CanvasRenderingContext2D, width: number, height: number, picture: TimelinePicture, colours: TimelineColours): void {
  const bandHeight = height - bandTop - bandBottom;
  context.clearRect(0, 0, width, height);
  context.fillStyle = colours.ground;
  context.fillRect(0, bandTop, width, bandHeight);
  drawScale(context, width, height, picture, colours);
  context.fillStyle = colours.recorded;
  for (const range of picture.footage.recorded) fillStretch(context, range, picture.window, width, bandHeight);
  context.fillStyle = hatch(context, colours.gap) ?? colours.gap;
  for (const { fromMs, toMs = picture.nowMs } of picture.footage.gaps) fillStretch(context, { fromMs, toMs }, picture.window, width, bandHeight);
  context.fillStyle = colours.text;
  for (const range of picture.footage.deleted) drawDeleted(context, range, picture.window, width, bandHeight);
  drawFuture(context, width, height, picture, colours);
  if (picture.range) drawRange(context, width, height, picture.range, picture.window, colours);
  if (picture.atMs !== undefined) drawHead(context, width, height, toPixel(picture.atMs, picture.window, width), colours);
}

function fillStretch(context: CanvasRenderingContext2D, range: TimeRange, window: TimeWindow, width: number, bandHeight: number): void {
  const stretch = toStretch(range, window, width);
  if (stretch) context.fillRect(stretch.left, bandTop + 6, stretch.width, bandHeight - 12);
}

/** A line where footage was: neither there nor missing. */
function drawDeleted(context: CanvasRenderingContext2D, range: TimeRange, window: TimeWindow, width: number, bandHeight: number): void {
  const stretch = toStretch(range, window, width);
  if (stretch) context.fillRect(stretch.left, bandTop + bandHeight / 2 - 1, stretch.width, 2);
}

function drawScale(context: CanvasRenderingContext2D, width: number, height: number, { window, zoneOffsetMs, label }: TimelinePicture, colours: TimelineColours): void {
  context.font = colours.font;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  for (const { atMs, major } of ticks(window, width, zoneOffsetMs)) {
    const x = Math.round(toPixel(atMs, window, width)) + 0.5;
    context.fillStyle = colours.line;
    context.fillRect(x - 0.5, major ? bandTop - 6 : bandTop - 3, 1, major ? height - bandTop - bandBottom + 6 : 3);
    if (!major || x < 24 || x > width - 24) continue;
    context.fillStyle = colours.text;
    context.fillText(label(atMs), x, 10);
  }
}

/** What has not happened yet cannot be recorded; a line says where now is. */
function drawFuture(context: CanvasRenderingContext2D, width: number, height: number, { window, nowMs }: TimelinePicture, colours: TimelineColours): void {
  if (nowMs <= window.fromMs || nowMs >= window.toMs) return;
  const x = Math.round(toPixel(nowMs, window, width));
  context.fillStyle = colours.line;
  context.fillRect(x, bandTop - 8, 1, height - bandTop - bandBottom + 8);
}

function drawRange(context: CanvasRenderingContext2D, width: number, height: number, range: TimeRange, window: TimeWindow, colours: TimelineColours): void {
  const stretch = toStretch(range, window, width);
  if (!stretch) return;
  const top = bandTop;
  const tall = height - bandTop - bandBottom;
  context.globalAlpha = 0.22;
  context.fillStyle = colours.range;
  context.fillRect(stretch.left, top, stretch.width, tall);
  context.globalAlpha = 1;
  for (const edge of [range.fromMs, range.toMs]) {
    const x = Math.round(toPixel(edge, window, width));
    if (x < -4 || x > width + 4) continue;
    context.fillRect(x - 1, top - 4, 2, tall + 8);
    context.fillRect(x - 4, top + tall / 2 - 9, 8, 18);
  }
}

function drawHead(context: CanvasRenderingContext2D, _width: number, height: number, x: number, colours: TimelineColours): void {
  context.fillStyle = colours.head;
  context.fillRect(Math.round(x) - 1, bandTop - 8, 2, height - bandTop - bandBottom + 16);
  context.beginPath();
  context.moveTo(x - 5, bandTop - 10);
  context.lineTo(x + 5, bandTop - 10);
  context.lineTo(x, bandTop - 3);
  context.fill();
}

/** Slanted lines: told apart from solid without colour. */
function hatch(context: CanvasRenderingContext2D, colour: string): CanvasPattern | undefined {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 8;
  const brush = tile.getContext('2d');
  if (!brush) return undefined;
  brush.strokeStyle = colour;
  brush.lineWidth = 2;
  for (const shift of [-8, 0, 8]) {
    brush.beginPath();
    brush.moveTo(shift, 8);
    brush.lineTo(shift + 8, 0);
    brush.stroke();
  }
  return context.createPattern(tile, 'repeat') ?? undefined;
}
