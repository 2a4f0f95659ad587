// Both languages say the same things, and the Chinese words are those of the glossary.
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { en } from '../web/messages/en.ts';
import { zh, type MessageKey } from '../web/messages/zh.ts';

const keys = Object.keys(zh) as MessageKey[];
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

/** Words that the glossary replaces, with what it says instead. */
const replaced: readonly (readonly [RegExp, string])[] = [
  [/摄像头|相机|镜头/, '摄像机'],
  [/缺失|丢失|空洞/, '缺口'],
  [/租约|令牌|许可证/, '访问凭证'],
  [/检查点/, '校验点'],
  [/操作日志|日志审计/, '审计日志'],
  [/查看登记|(?<!外来)调阅登记/, '调取登记'],
  [/策略包|政策包/, '规则包'],
  [/校园区/, '校区'],
  [/工作站|客户端/, '终端'],
  [/视频回看|重放/, '回放'],
  [/批准(?!停用)|核准/, '同意 / 审批'],
  [/权限令|许可/, '授权'],
];

/** What a key must say, where the glossary has the word. */
const terms: Readonly<Partial<Record<MessageKey, string>>> = {
  'action.live': '实时观看',
  'action.playback': '回放',
  'action.copy': '拷贝',
  'action.control': '控制',
  'action.configure': '配置',
  'action.maintain': '维护',
  'action.review': '审批',
  'action.audit': '审计',
  'page.inbox': '审批',
  'page.register': '调取登记',
  'page.audit': '审计日志',
  'wall.cameras': '摄像机',
  'timeline.gap-word': '缺口',
  'audit.checkpoint': '校验点',
  'audit-kind.lease': '访问凭证',
  'request.destination': '去向',
  'action.emergency': '紧急调阅',
  'missing.registration': '外来调阅登记',
  'page.visit': '外来调阅登记',
  'people.units': '部门',
  'people-tab.people': '人员',
  'people-tab.stations': '终端',
  'receipt.take': '审计回执',
  'watched.title': '谁看过这台摄像机',
  'audit.filter-action': '动作',
  'chain.witnesses': '见证方',
  'lane.waiting': '待我审批',
  'lane.mine': '我发起的',
  'lane.granted': '已授权',
};

describe('messages', () => {
  it('have the same keys in both languages', () => {
    expect(Object.keys(en).sort()).toEqual([...keys].sort());
  });

  it('have the same placeholders in both languages', () => {
    for (const key of keys) expect(placeholders(en[key]), key).toEqual(placeholders(zh[key]));
  });

  it('leave no message empty, and no English message in Chinese', () => {
    for (const key of keys) {
      expect(zh[key].trim(), key).not.toBe('');
      expect(en[key].trim(), key).not.toBe('');
      expect(en[key], key).not.toMatch(/\p{Script=Han}/u);
    }
  });

  it('use the terms of the glossary', () => {
    for (const [key, term] of Object.entries(terms)) expect(zh[key as MessageKey], key).toBe(term);
    for (const key of keys) {
      for (const [wrong, right] of replaced) expect(zh[key], `${key}: say ${right}`).not.toMatch(wrong);
    }
  });

  it('are all used', async () => {
    const folder = new URL('../web/', import.meta.url);
    const files = (await readdir(folder, { recursive: true })).filter((name) => /\.tsx?$/.test(name) && !name.startsWith('messages'));
    const source = (await Promise.all(files.map((name) => readFile(new URL(name, folder), 'utf8')))).join('\n');
    const made = [...source.matchAll(/`([a-z.-]+[.-])\$\{/g)].map(([, prefix]) => prefix!);
    const unused = keys.filter((key) => !source.includes(`'${key}'`) && !source.includes(`"${key}"`) && !made.some((prefix) => key.startsWith(prefix)));
    expect(unused).toEqual([]);
  });
});
