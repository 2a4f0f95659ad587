// The picture of a moment under the pointer, fetched under the lease that plays: what was not granted shows nothing.
import { useEffect, useState } from 'react';

/** The pointer rests this long before a picture is fetched. */
const restMs = 120;
/** Moments this close show the same picture. */
const gridMs = 1000;

/** A small still; nothing while there is none. */
export function HoverStill({ atMs, stillUrl }: { readonly atMs: number; readonly stillUrl: (atMs: number) => string | undefined }) {
  const moment = Math.round(atMs / gridMs) * gridMs;
  const [shown, setShown] = useState<string>();
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setShown(stillUrl(moment));
      setBroken(false);
    }, restMs);
    return () => clearTimeout(timer);
  }, [moment, stillUrl]);
  if (shown === undefined || isBroken) return undefined;
  return <video className="hover-still" data-testid="hover-still" src={shown} muted playsInline preload="auto" aria-hidden="true" tabIndex={-1} onError={() => setBroken(true)} />;
}
