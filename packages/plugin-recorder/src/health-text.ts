// What is the matter with a camera, in words for the people in front of the wall: what they see, and what to do.
import type { RecordingHealth, Text } from '@wanglou/core';
import type { CameraHealth, HealthProblemCode, SnapshotProblem } from './health/health-monitor.ts';
import { toGap } from './ranges.ts';

const problemTexts: Readonly<Record<HealthProblemCode, (health: CameraHealth) => Text>> = {
  FRAME_RATE_LOW: ({ fps = 0 }) => ({
    en: `Its picture jerks: ${figure(fps)} frames a second; check network and light, and the frame rate it is set to`,
    zh: `画面卡顿：每秒 ${figure(fps)} 帧，请检查网络、光照和摄像机帧率设置`,
  }),
  KEYFRAMES_RARE: ({ keyframeIntervalMs = 0 }) => ({
    en: `Its keyframes are${keyframeIntervalMs > 0 ? ` ${figure(keyframeIntervalMs / 1000)} s` : ' far'} apart, so that playback begins late; set the interval to 2 s`,
    zh: `关键帧间隔${keyframeIntervalMs > 0 ? ` ${figure(keyframeIntervalMs / 1000)} 秒` : '过长'}，回放定位慢，请设为 2 秒`,
  }),
  CLOCK_OFFSET: ({ clockOffsetMs = 0 }) => ({
    en: `Its clock is ${figure(Math.abs(clockOffsetMs) / 1000)} s ${clockOffsetMs > 0 ? 'ahead' : 'behind'}, and so is a time written in its picture; set it, or its time server`,
    zh: `摄像机时钟${clockOffsetMs > 0 ? '快' : '慢'} ${figure(Math.abs(clockOffsetMs) / 1000)} 秒，画面上叠加的时间不准，请校时或检查授时服务器`,
  }),
  PICTURE_FROZEN: () => ({ en: 'Its picture stands still although new ones arrive; restart the camera', zh: '画面冻结：图像持续到达但内容不变，请重启摄像机' }),
  PICTURE_BLACK: () => ({ en: 'Its picture is black; check its light and its lens', zh: '画面全黑，请检查照明和镜头' }),
  PICTURE_COVERED: () => ({ en: 'Its picture shows nothing: the lens may be covered, dirty or out of focus, or there is fog; look at the camera', zh: '画面看不出内容，镜头可能被遮挡、脏污或失焦，或有浓雾，请到现场查看' }),
  PICTURE_MOVED: () => ({ en: 'It shows another place than before: somebody may have turned it, or put something before it; look at the camera', zh: '画面与原来不同，摄像机可能被转动，或前面放了东西，请到现场查看' }),
};

const snapshotTexts: Readonly<Record<SnapshotProblem['code'], (problem: SnapshotProblem) => Text>> = {
  SNAPSHOTS_OFF: () => ({ en: 'Its picture is not looked at: snapshots are not configured for it', zh: '未启用画面分析' }),
  SNAPSHOTS_NEED_FFMPEG: ({ command }) => ({
    en: `Pictures are not looked at: install ffmpeg 5.0 or newer, or set FFMPEG_PATH${command === undefined ? '' : `: ${command}`}`,
    zh: `画面分析未运行：请安装 ffmpeg 5.0 或更新版本，或设置 FFMPEG_PATH${command === undefined ? '' : `：${command}`}`,
  }),
  SNAPSHOT_FAILED: () => ({ en: 'Its picture could not be decoded, and is not looked at; the log of the recorder says why', zh: '画面无法解码，未能分析，原因见录像日志' }),
};

/** A camera's health as the contract tells it. */
export function toHealth(health: CameraHealth): RecordingHealth {
  const { camera, kbps, fps, keyframeIntervalMs, clockOffsetMs, clockDriftMsPerDay, lastGap, snapshotMs, snapshotProblem, problems } = health;
  return {
    camera,
    ...(kbps !== undefined && { kbps: Math.round(kbps) }),
    ...(fps !== undefined && { fps: Math.round(fps * 10) / 10 }),
    ...(keyframeIntervalMs !== undefined && { keyframeIntervalMs: Math.round(keyframeIntervalMs) }),
    ...(clockOffsetMs !== undefined && { clock: { offsetMs: Math.round(clockOffsetMs), ...(clockDriftMsPerDay !== undefined && { driftMsPerDay: Math.round(clockDriftMsPerDay) }) } }),
    ...(lastGap !== undefined && { lastGap: toGap(lastGap) }),
    ...(snapshotMs !== undefined && { snapshotMs: Math.round(snapshotMs) }),
    ...(snapshotProblem !== undefined && { snapshotProblem: { code: snapshotProblem.code, text: snapshotTexts[snapshotProblem.code](snapshotProblem) } }),
    problems: problems.map(({ code, sinceMs }) => ({ code, text: problemTexts[code](health), sinceMs: Math.round(sinceMs) })),
  };
}

function figure(value: number): string {
  return value >= 10 ? String(Math.round(value)) : value.toFixed(1);
}
