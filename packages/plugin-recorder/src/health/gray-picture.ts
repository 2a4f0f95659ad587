// What can be told from a small gray picture: how bright and how sharp it is, how much it differs from another, and where its edges are.

/** Size of the pictures that are looked at: large enough for the noise of a living sensor. */
export const pictureWidth = 128;
/** @see pictureWidth */
export const pictureHeight = 72;
/** Points of one picture; a byte each, from 0 (black) to 255. */
export const picturePoints = pictureWidth * pictureHeight;

/** Structure is compared at a quarter of that: neither noise nor a leaf in the wind counts. */
const cell = 4;
const columns = pictureWidth / cell;
const rows = pictureHeight / cell;
/** Cells of an {@link edgeMapOf}, a byte each. */
export const edgeMapCells = columns * rows;
/** Brings the root of the steepest edge, 510, to 255. */
const rootScale = 11;

/** Three points in a hundred are brighter than this: a lamp or two do not make a picture. */
export function lightOf(picture: Uint8Array): number {
  const brightest = picture.toSorted().at(Math.floor(picture.length * 0.97));
  return brightest ?? 0;
}

/** Mean difference of two pictures, from 0 (the same) to 255. */
export function differenceOf(left: Uint8Array, right: Uint8Array): number {
  let sum = 0;
  for (const [index, value] of left.entries()) sum += Math.abs(value - (right[index] ?? 0));
  return sum / left.length;
}

/** How far cells differ from the mean of their neighbours, on average: a scene has edges; a hand, paint or a lens out of focus leaves soft slopes. */
export function sharpnessOf(picture: Uint8Array): number {
  const cells = cellsOf(picture);
  let sum = 0;
  for (let y = 1; y < rows - 1; y += 1) {
    for (let x = 1; x < columns - 1; x += 1) {
      const at = y * columns + x;
      const around = (cells[at - 1] ?? 0) + (cells[at + 1] ?? 0) + (cells[at - columns] ?? 0) + (cells[at + columns] ?? 0);
      sum += Math.abs((cells[at] ?? 0) - around / 4);
    }
  }
  return sum / ((rows - 2) * (columns - 2));
}

/** Where the edges of a picture are, as 32 by 18 bytes: enough to know a place again, and nobody in it. Strong edges would outweigh all others: their root counts. */
export function edgeMapOf(picture: Uint8Array): Uint8Array {
  const cells = cellsOf(picture);
  const edges = new Uint8Array(edgeMapCells);
  for (let y = 0; y < rows - 1; y += 1) {
    for (let x = 0; x < columns - 1; x += 1) {
      const here = cells[y * columns + x] ?? 0;
      const steepness = Math.abs(here - (cells[y * columns + x + 1] ?? 0)) + Math.abs(here - (cells[(y + 1) * columns + x] ?? 0));
      edges[y * columns + x] = Math.round(Math.sqrt(steepness) * rootScale);
    }
  }
  return edges;
}

/** How much two edge maps have in common: 1 the same, 0 nothing. Brightness and contrast do not count, so that dusk is no move. */
export function likenessOf(left: Uint8Array, right: Uint8Array): number {
  const [leftMean, rightMean] = [meanOf(left), meanOf(right)];
  let [product, leftSquares, rightSquares] = [0, 0, 0];
  for (const [index, value] of left.entries()) {
    const [here, there] = [value - leftMean, (right[index] ?? 0) - rightMean];
    product += here * there;
    leftSquares += here * here;
    rightSquares += there * there;
  }
  const size = Math.sqrt(leftSquares * rightSquares);
  return size === 0 ? 0 : product / size;
}

/** Mean of points or cells. */
export function meanOf(values: Uint8Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean brightness of each cell. */
function cellsOf(picture: Uint8Array): Float32Array {
  const cells = new Float32Array(columns * rows);
  for (const [index, value] of picture.entries()) {
    const at = Math.floor(Math.floor(index / pictureWidth) / cell) * columns + Math.floor((index % pictureWidth) / cell);
    cells[at] = (cells[at] ?? 0) + value / (cell * cell);
  }
  return cells;
}
