// The console's icons: 24-unit strokes drawn for it, one path each.
const paths = {
  wall: 'M4 5h7v6H4zM13 5h7v6h-7zM4 13h7v6H4zM13 13h7v6h-7z',
  playback: 'M12 4a8 8 0 1 1-7.4 5M4 4.5V9h4.500M12 8v4.300l3 1.7',
  request: 'M7 4h7l4 4v12H7zM14 4v4h4M10 12h5M10 15.500h5',
  inbox: 'M4 13l2.5-8h11L20 13v6H4zM4 13h4.500l1 2.500h5l1-2.500H20',
  register: 'M6 4h12v16H6zM9 4v16M11.5 8.500h4M11.5 12h4M11.5 15.500h4',
  audit: 'M12 3.500l7 2.500v5.500c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6zM9 12l2.2 2.200L15.2 10',
  check: 'M5 12.500l4.5 4.500L19 7.5',
  cross: 'M6 6l12 12M18 6L6 18',
  warn: 'M12 4.500l8.5 14.500h-17zM12 10v4M12 16.500v.3',
  info: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 11v5M12 8v.3',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  camera: 'M4 7h11v10H4zM15 10.500l5-2.500v8l-5-2.500z',
  cameraOff: 'M9 7h6v6M15 10.500l5-2.500v8l-3-1.500M13 17H4V7h1M4 4l16 16',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4.300l3 1.7',
  play: 'M8 5.500v13l10.5-6.500z',
  pause: 'M8.5 5.500v13M15.5 5.500v13',
  back: 'M11 6l-6 6 6 6M5 12h14',
  forward: 'M13 6l6 6-6 6M19 12H5',
  left: 'M14.5 5.500L8 12l6.5 6.5',
  right: 'M9.5 5.500L16 12l-6.5 6.5',
  down: 'M5.5 9.500L12 16l6.5-6.5',
  search: 'M10.5 4.500a6 6 0 1 0 0 12 6 6 0 0 0 0-12M15 15l5 5',
  full: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  retry: 'M19 12a7 7 0 1 1-2.2-5.100M19 4v4h-4.5',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  download: 'M12 4v11M7.5 11l4.5 4.500L16.5 11M5 20h14',
  print: 'M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 3v1.500M12 19.500V21M3 12h1.500M19.5 12H21M5.6 5.600l1.1 1.100M17.3 17.300l1.1 1.100M5.6 18.400l1.1-1.100M17.3 6.700l1.1-1.1',
  moon: 'M19.5 14A8 8 0 0 1 10 4.5 8 8 0 1 0 19.5 14z',
  person: 'M12 4.500a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M5 20c.5-4 3.3-6 7-6s6.5 2 7 6',
  leave: 'M14 4H5v16h9M10.5 12H20M16.5 8l4 4-4 4',
  list: 'M8 6.500h12M8 12h12M8 17.500h12M4 6.500h.300M4 12h.300M4 17.500h.3',
  minus: 'M5 12h14',
  plus: 'M12 5v14M5 12h14',
  calendar: 'M4 6h16v14H4zM4 10.5h16M8.5 3.500v4M15.5 3.500v4',
  keyboard: 'M3 7h18v10H3zM6.5 10.500h.300M10 10.500h.300M13.5 10.500h.300M17 10.500h.300M8 14h8',
  sound: 'M4 10v4h3.500L12 18V6L7.5 10zM15.5 9a4.5 4.5 0 0 1 0 6',
  mute: 'M4 10v4h3.500L12 18V6L7.5 10zM15.5 10l4 4M19.5 10l-4 4',
  tower: 'M4.5 9.200L12 5l7.5 4.200M7 9.200v3.300h10V9.200M8.5 12.500L7.2 20M15.5 12.500l1.3 7.500M9 16h6M12 9.200v3.3',
  frozen: 'M12 4v16M5 8l14 8M19 8L5 16',
  grant: 'M8 10.500a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M10.7 11.800L19 4.500M16 7l2.5 2.5',
  key: 'M8 10.500a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M10.7 11.800L19 4.500M16 7l2.5 2.5M13.8 9.200l2.2 2.2',
  people: 'M9 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M3 19c.4-3.500 2.800-5.200 6-5.200s5.6 1.700 6 5.200M16 5.500a2.600 2.600 0 0 1 0 5.200M17.300 13.800c2 .6 3.300 2.300 3.700 5.200',
  rules: 'M5 4h11l3 3v13H5zM8.500 9l1.200 1.200L12 8M8.500 14.500l1.200 1.200L12 13.500M14 10h2M14 15.500h2',
  visit: 'M4 20V8l6-4v16M10 9h10v11H4M14 13h2M14 16.500h2M7 10v.300M7 13.500v.3',
  eye: 'M3 12c2.200-4 5.200-6 9-6s6.800 2 9 6c-2.200 4-5.200 6-9 6s-6.800-2-9-6M12 9.200a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.6',
  receipt: 'M6 3.500h12V20l-2-1.500-2 1.500-2-1.500-2 1.500-2-1.500L6 20zM9 8h6M9 11.500h6M9 15h3.5',
  chain: 'M10 14l4-4M8.500 11.500L6 14a3 3 0 0 0 4 4l2.500-2.500M15.500 12.500L18 10a3 3 0 0 0-4-4l-2.500 2.5',
  server: 'M5 4h14v6H5zM5 14h14v6H5zM8 7h.300M8 17h.3',
  bolt: 'M13 3L5.500 13.500H11L10 21l8-11h-5.500z',
} as const;

/** Names of the icons. */
export type IconName = keyof typeof paths;

/** An icon beside words; the words carry the meaning, so it is hidden from screen readers. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
