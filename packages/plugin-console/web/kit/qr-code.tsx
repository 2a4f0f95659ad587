// A QR code as one path of an SVG: no inline style, sharp on paper.
import { encode } from 'uqr';

/** The dark modules of a code as path data, one unit a module. */
export function qrPath(text: string): { readonly path: string; readonly size: number } {
  const { data, size } = encode(text, { ecc: 'M', border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return { path, size };
}

/** Shows text as a QR code, always black on white: readers expect it. */
export function QrCode({ text, name }: { readonly text: string; readonly name: string }) {
  const { path, size } = qrPath(text);
  return (
    <svg className="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={name} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
