// Makes the loops in ../loops with ffmpeg. Run it only to change the pictures: the result is committed.
// Needs ffmpeg with libx264, libx265, libopus and drawtext, and the font "Noto Sans CJK SC" (Debian: fonts-noto-cjk).
import { spawn } from 'node:child_process';
import { mkdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const folder = new URL('../loops/', import.meta.url);
const width = 640;
const height = 360;
const framesPerSecond = 25;
const durationSeconds = 12;
const font = 'Noto Sans CJK SC';

/** A filled rectangle of the still scene: x, y, width, height, colour. */
const box = (x, y, w, h, colour) => `drawbox=x=${x}:y=${y}:w=${w}:h=${h}:color=${colour}:t=fill`;
const windows = (x, y, columns, rows, colour) =>
  Array.from({ length: columns * rows }, (_, index) => box(x + (index % columns) * 36, y + Math.floor(index / columns) * 34, 20, 18, colour));

/** Each mover: width, height, colour, and its place as ffmpeg expressions of t (seconds). All motion has a period that divides 12 s. */
const scenes = [
  { file: 'east-gate', zh: '东门', en: 'East Gate', sky: '0x87b5d9', ground: '0x6f7d62', tone: 440,
    still: [box(90, 110, 46, 170, '0x8a4b3c'), box(504, 110, 46, 170, '0x8a4b3c'), box(70, 84, 500, 34, '0x7a2f26')],
    movers: [{ w: 70, h: 30, colour: '0xc23b22', x: 'mod(t*120\\,720)-70', y: '290' }, { w: 12, h: 34, colour: '0x20324a', x: '300+60*sin(2*PI*t/6)', y: '246' }] },
  { file: 'west-gate', zh: '西门', en: 'West Gate', sky: '0xd9b38a', ground: '0x5f6b6d',
    still: [box(60, 130, 150, 150, '0x54433a'), box(430, 130, 150, 150, '0x54433a'), box(210, 150, 220, 18, '0x3c2f29')],
    movers: [{ w: 76, h: 32, colour: '0x2b6cb0', x: '640-mod(t*180\\,720)', y: '296' }, { w: 210, h: 6, colour: '0xf2c94c', x: '215', y: '230-40*abs(sin(PI*t/6))' }] },
  { file: 'library', zh: '图书馆', en: 'Library', sky: '0xbcd0c7', ground: '0x7c8a70',
    still: [box(120, 90, 400, 190, '0xb59f7b'), ...windows(150, 112, 10, 4, '0x3f5666')],
    movers: [{ w: 12, h: 32, colour: '0x823b6c', x: 'mod(t*60\\,720)-40', y: '286' }, { w: 12, h: 32, colour: '0x1f4d3a', x: '640-mod(t*120\\,720)', y: '300' }] },
  { file: 'dormitory-entrance', zh: '学生宿舍入口', en: 'Dormitory Entrance', sky: '0x3b4a63', ground: '0x4d4a45', tone: 523,
    still: [box(150, 70, 340, 210, '0x6d5a4e'), ...windows(176, 84, 8, 3, '0xe8c66a'), box(286, 200, 68, 80, '0x25211e')],
    movers: [{ w: 12, h: 34, colour: '0xd9d9d9', x: '320+260*cos(2*PI*t/12)', y: '292' }, { w: 12, h: 34, colour: '0x4aa3df', x: '314', y: '250+60*abs(sin(PI*t/4))' }] },
  { file: 'fire-control-room', zh: '消防控制室', en: 'Fire Control Room', sky: '0x8f9699', ground: '0x5b6166', tone: 660,
    still: [box(80, 90, 480, 130, '0x2a3035'), box(96, 104, 140, 80, '0x16405a'), box(250, 104, 140, 80, '0x16405a'), box(404, 104, 140, 80, '0x16405a'), box(120, 260, 400, 24, '0x77604a')],
    movers: [{ w: 14, h: 14, colour: '0xe02020', x: '100+mod(t*120\\,440)', y: '196' }, { w: 40, h: 52, colour: '0x1d2a3a', x: '290+40*sin(2*PI*t/12)', y: '236' }] },
  { file: 'canteen', zh: '食堂', en: 'Canteen', sky: '0xe2cfa5', ground: '0x9b7d5a',
    still: [box(50, 120, 540, 60, '0xc46f3b'), box(80, 230, 120, 16, '0x7a5636'), box(260, 230, 120, 16, '0x7a5636'), box(440, 230, 120, 16, '0x7a5636')],
    movers: [{ w: 14, h: 36, colour: '0x2d4059', x: '60+250*(1+sin(2*PI*t/12))', y: '190' }, { w: 14, h: 36, colour: '0xea5455', x: '60+250*(1+cos(2*PI*t/6))', y: '290' }] },
  { file: 'teaching-building', zh: '教学楼', en: 'Teaching Building', sky: '0x9cc4e4', ground: '0x80946f',
    still: [box(60, 80, 520, 200, '0xcbb7a2'), ...windows(84, 96, 14, 5, '0x4a6b86')],
    movers: [{ w: 34, h: 20, colour: '0xf4f4f4', x: 'mod(t*60\\,720)-40', y: '44+8*sin(2*PI*t/3)' }, { w: 12, h: 32, colour: '0xb83b5e', x: '600-mod(t*60\\,600)', y: '300' }] },
  { file: 'stadium', zh: '体育场', en: 'Stadium', sky: '0xa9d3c4', ground: '0x3f8a4f',
    still: [box(40, 150, 560, 180, '0xb5533c'), box(90, 180, 460, 120, '0x3f8a4f')],
    movers: [{ w: 12, h: 28, colour: '0xffffff', x: '314+250*cos(2*PI*t/12)', y: '222+76*sin(2*PI*t/12)' }, { w: 12, h: 28, colour: '0xffd34d', x: '314+250*cos(2*PI*t/6+2)', y: '222+76*sin(2*PI*t/6+2)' }] },
  { file: 'car-park', zh: '停车场', en: 'Car Park', sky: '0xb7bcc2', ground: '0x57595c',
    still: Array.from({ length: 9 }, (_, index) => box(40 + index * 68, 150, 4, 80, '0xe6e6e6')).concat([box(52, 164, 46, 56, '0x7b8794'), box(256, 164, 46, 56, '0x933b3b'), box(460, 164, 46, 56, '0x35506b')]),
    movers: [{ w: 60, h: 30, colour: '0x27ae60', x: 'mod(t*120\\,720)-60', y: '270' }, { w: 60, h: 30, colour: '0xf39c12', x: '640-mod(t*60\\,720)', y: '312' }] },
  { file: 'laboratory', zh: '实验楼', en: 'Laboratory', sky: '0xa7c0b0', ground: '0x767b80', tone: 330, h265: true,
    still: [box(100, 80, 440, 200, '0x9fb0bf'), ...windows(124, 96, 12, 4, '0x2f5d62'), box(292, 220, 56, 60, '0x1e2a30')],
    movers: [{ w: 12, h: 34, colour: '0xf0f0f0', x: '314+200*sin(2*PI*t/6)', y: '290' }, { w: 30, h: 16, colour: '0xe07a1f', x: 'mod(t*120\\,720)-30', y: '320' }] },
];

function filterGraph(scene) {
  const still = [`color=c=${scene.sky}:s=${width}x${height}:r=${framesPerSecond}:d=${durationSeconds}`, box(0, 240, width, 120, scene.ground), ...scene.still].join(',');
  const parts = [`${still}[scene0]`];
  for (const [index, mover] of scene.movers.entries()) {
    parts.push(`color=c=${mover.colour}:s=${mover.w}x${mover.h}:r=${framesPerSecond}:d=${durationSeconds}[mover${index}]`);
    parts.push(`[scene${index}][mover${index}]overlay=x=${mover.x}:y=${mover.y}:eval=frame[scene${index + 1}]`);
  }
  const text = (value, x, y, size) => `drawtext=font='${font}':text='${value}':x=${x}:y=${y}:fontsize=${size}:fontcolor=white:box=1:boxcolor=black@0.55:boxborderw=6`;
  parts.push(`[scene${scene.movers.length}]${text(scene.zh, 16, 14, 26)},${text(scene.en, 16, 54, 15)},${text('%{eif\\:n\\:d\\:5}', 'w-tw-16', 14, 24)},format=yuv420p[video]`);
  return parts.join(';');
}

/** Sound starts one frame early (64 ms of AAC, 6.5 ms of Opus); the offset brings it back to 0, else the first picture would last longer. */
function soundArguments(scene) {
  if (!scene.tone) return { input: [], output: [] };
  const rate = scene.h265 ? 48000 : 16000;
  const input = ['-itsoffset', scene.h265 ? '0.0065' : '0.064', '-f', 'lavfi', '-i', `sine=frequency=${scene.tone}:beep_factor=4:sample_rate=${rate}:duration=${durationSeconds}`];
  const codec = scene.h265 ? ['-c:a', 'libopus', '-application', 'voip', '-b:a', '12k'] : ['-c:a', 'aac', '-profile:a', 'aac_low', '-b:a', '24k'];
  return { input, output: ['-map', '0:a', ...codec, '-ac', '1'] };
}

function pictureArguments(scene) {
  if (scene.h265) {
    const settings = `bframes=0:keyint=${framesPerSecond}:min-keyint=${framesPerSecond}:scenecut=0:open-gop=0:pools=1:frame-threads=1:info=0:log-level=none`;
    return ['-c:v', 'libx265', '-preset', 'veryslow', '-crf', '28', '-x265-params', settings, '-tag:v', 'hvc1', '-bsf:v', 'filter_units=remove_types=39-40'];
  }
  return ['-c:v', 'libx264', '-profile:v', 'main', '-preset', 'veryslow', '-crf', '25', '-bf', '0', '-g', String(framesPerSecond), '-keyint_min', String(framesPerSecond), '-sc_threshold', '0', '-threads', '1', '-bsf:v', 'filter_units=remove_types=6'];
}

function ffmpegArguments(scene) {
  const sound = soundArguments(scene);
  return ['-y', '-loglevel', 'error', ...sound.input, '-filter_complex', filterGraph(scene), '-map', '[video]', ...pictureArguments(scene), '-video_track_timescale', '90000', ...sound.output,
    '-map_metadata', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact', '-t', String(durationSeconds),
    '-movflags', '+empty_moov+default_base_moof', '-frag_duration', '60000000', fileURLToPath(new URL(`${scene.file}.mp4`, folder))];
}

function run(command, commandArguments) {
  return new Promise((resolve, reject) => {
    spawn(command, commandArguments, { stdio: 'inherit' })
      .once('error', reject)
      .once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with code ${code}`))));
  });
}

await mkdir(folder, { recursive: true });
let totalBytes = 0;
// Names on the command line make only those.
const wanted = process.argv.slice(2);
for (const scene of scenes.filter(({ file }) => wanted.length === 0 || wanted.includes(file))) {
  await run('ffmpeg', ffmpegArguments(scene));
  const { size } = await stat(new URL(`${scene.file}.mp4`, folder));
  totalBytes += size;
  console.log(`${scene.file}.mp4 ${size} bytes`);
}
console.log(`${scenes.length} loops, ${totalBytes} bytes`);
