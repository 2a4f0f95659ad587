// Which cameras stand where on the wall: pure functions over what the address says.

/** Numbers of tiles a wall can have. */
export const layouts = [1, 4, 9, 16] as const;
/** Number of tiles. */
export type Layout = (typeof layouts)[number];

/** What a wall shows. */
export interface WallState {
  readonly layout: Layout;
  /** Cameras in their order; empty text is an empty place. */
  readonly cameras: readonly string[];
  /** 0 for the first page. */
  readonly page: number;
  /** The camera that fills the wall. */
  readonly focus: string | undefined;
}

/** Reads a wall from the address; what it does not say is chosen so that every camera is seen. */
export function readWall(query: URLSearchParams, known: readonly string[]): WallState {
  const named = query.get('cams');
  const cameras = named === null ? known : named.split(',').slice(0, 256);
  const layout = layouts.find((candidate) => String(candidate) === query.get('layout')) ?? fitLayout(cameras.length);
  const pages = pageCount(cameras.length, layout);
  const page = Math.min(Math.max(0, Number.parseInt(query.get('page') ?? '1', 10) - 1 || 0), pages - 1);
  const focus = query.get('focus') ?? undefined;
  return { layout, cameras, page, focus };
}

/** The smallest layout that holds this many, or the largest there is. */
export function fitLayout(count: number): Layout {
  return layouts.find((layout) => layout >= count) ?? 16;
}

/** How many pages there are; at least one. */
export function pageCount(count: number, layout: Layout): number {
  return Math.max(1, Math.ceil(count / layout));
}

/** The places of the current page, filled up with empty ones. */
export function placesOf(wall: WallState): readonly string[] {
  const start = wall.page * wall.layout;
  return Array.from({ length: wall.layout }, (_, index) => wall.cameras[start + index] ?? '');
}

/**
 * Puts a camera on the wall: into `place` of the current page, or the first empty place, or the last.
 * A camera stands in one place only; one that is there already stays.
 */
export function putCamera(wall: WallState, camera: string, place?: number): readonly string[] {
  if (wall.cameras.includes(camera)) return wall.cameras;
  const places = placesOf(wall);
  const free = places.indexOf('');
  const target = wall.page * wall.layout + (place ?? (free === -1 ? wall.layout - 1 : free));
  const cameras = [...wall.cameras];
  while (cameras.length < target) cameras.push('');
  cameras[target] = camera;
  return cameras;
}

/** Takes a camera off; its place stays empty, so that the others do not jump. */
export function removeCamera(wall: WallState, camera: string): readonly string[] {
  const cameras = wall.cameras.map((candidate) => (candidate === camera ? '' : candidate));
  while (cameras.at(-1) === '') cameras.pop();
  return cameras;
}
