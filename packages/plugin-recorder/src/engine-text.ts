// Says who receives a camera, and why, in words for people.
import type { Text } from '@wanglou/core';
import type { EngineChoice } from './ingest/ingest-engine.ts';

const native = { en: 'Received natively', zh: '由内置引擎接入' };
const ffmpeg = { en: 'Received through ffmpeg', zh: '通过 ffmpeg 接入' };

const reasons: Readonly<Record<EngineChoice['reason'], Text>> = {
  default: { en: '', zh: '' },
  configured: { en: ', as configured', zh: '（按配置）' },
  address: { en: ', since its address is not RTSP', zh: '（地址不是 RTSP）' },
  transport: { en: ', since its transport needs it', zh: '（传输方式需要）' },
  codec: { en: ', since it sends a codec that is not received natively', zh: '（图像编码不能由内置引擎接收）' },
  protocol: { en: ', since what it sends violates RTSP', zh: '（所发数据不符合 RTSP 规范）' },
};

/** The choice in both languages. */
export function engineText({ id, reason }: EngineChoice): Text {
  const who = id === 'native' ? native : ffmpeg;
  return { en: who.en + reasons[reason].en, zh: who.zh + reasons[reason].zh };
}
