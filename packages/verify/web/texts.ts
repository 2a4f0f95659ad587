// The sentences of the page.
import type { Text } from '../src/text.ts';

/** By the name that elements have in `data-text`. */
export const pageTexts = {
  title: { zh: '望楼核验', en: 'Wanglou Verify' },
  language: { zh: 'English', en: '中文' },
  lead: { zh: '核验审计回执（.tlog-proof）或录像证据包，不依赖出具它们的服务器。', en: 'Checks a receipt of the audit log (.tlog-proof) or an evidence package of footage, without trusting the server that made it.' },
  policyTitle: { zh: '1. 信任谁', en: '1. Whom you trust' },
  policyHint: { zh: '粘贴或打开策略文件（witnesses.txt）。它须来自您信任的渠道，而不是与回执一同收到。', en: 'Paste or open the policy file (witnesses.txt). It must come from somebody you trust, not along with the receipt.' },
  policyPick: { zh: '打开策略文件…', en: 'Open a policy file…' },
  policyGood: { zh: '策略有效：{logs} 个日志，{witnesses} 个见证方', en: 'The policy is good: {logs} logs, {witnesses} witnesses' },
  policyNone: { zh: '尚无策略', en: 'No policy yet' },
  whatTitle: { zh: '2. 核验什么', en: '2. What to check' },
  drop: { zh: '将回执、证据包文件夹或其中的文件拖到这里，或选择：', en: 'Drop a receipt, the folder of an evidence package or its files here, or choose:' },
  filesPick: { zh: '选择文件…', en: 'Choose files…' },
  folderPick: { zh: '选择文件夹…', en: 'Choose a folder…' },
  picked: { zh: '已选 {count} 个文件', en: '{count} files were chosen' },
  resultTitle: { zh: '3. 结果', en: '3. Result' },
  nothing: { zh: '给出策略和文件后，结果显示在这里。', en: 'With a policy and files, the result stands here.' },
  working: { zh: '正在核验… {done}/{of}', en: 'Checking… {done} of {of}' },
  unknown: { zh: '所选文件中没有回执（.tlog-proof），也没有 evidence.json。', en: 'Among the files there is neither a receipt (.tlog-proof) nor an evidence.json.' },
  failed: { zh: '文件无法读取：{reason}。请重新选择。', en: 'A file cannot be read: {reason}. Choose the files again.' },
  offline: { zh: '本页不连接网络，文件不会离开这台电脑。', en: 'This page uses no network: the files never leave this computer.' },
} as const satisfies Readonly<Record<string, Text>>;
