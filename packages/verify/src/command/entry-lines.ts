// What an entry says, in words first and then as it stands.
import { isObject, type Json, type JsonObject } from '../bytes/canonical-json.ts';
import { shown, type Text } from '../text.ts';

/** Words for those members that people ask for, then all of it as JSON. */
export function linesOfEntry(entry: JsonObject, hidden: JsonObject | undefined): readonly Text[] {
  const { resource, decision, principal } = entry;
  const lines: Text[] = [{ zh: `时间：${timeOf(entry['atMs'])}`, en: `Time: ${timeOf(entry['atMs'])}` }, labelled({ zh: '种类', en: 'Kind' }, entry['kind'])];
  const who = hidden?.['principal'];
  if (isObject(who) && typeof who['id'] === 'string') lines.push(labelled({ zh: '当事人', en: 'Who' }, who['id']));
  else if (isObject(principal)) lines.push(labelled({ zh: '当事人', en: 'Who' }, principal['pseudonym'] === undefined ? `${words(principal['kind'])} ${words(principal['id'])}` : `${words(principal['pseudonym']).slice(0, 12)}…`));
  if (entry['operation'] !== undefined) lines.push(labelled({ zh: '操作', en: 'Operation' }, entry['operation']));
  if (entry['action'] !== undefined) lines.push(labelled({ zh: '动作', en: 'Action' }, entry['action']));
  if (isObject(resource)) {
    if (resource['cameras'] !== undefined) lines.push(labelled({ zh: '摄像机', en: 'Cameras' }, resource['cameras']));
    const { range } = resource;
    if (isObject(range)) lines.push(labelled({ zh: '时段', en: 'Footage' }, `${timeOf(range['fromMs'])} – ${timeOf(range['toMs'])}`));
  }
  if (isObject(decision)) {
    lines.push(labelled({ zh: '判定', en: 'Decision' }, decision['effect']));
    if (decision['articles'] !== undefined) lines.push(labelled({ zh: '依据', en: 'Articles' }, decision['articles']));
  }
  if (entry['outcome'] !== undefined) lines.push(labelled({ zh: '结果', en: 'Outcome' }, entry['outcome']));
  lines.push(block({ zh: '条目全文：', en: 'The whole entry:' }, entry));
  if (hidden) lines.push(block({ zh: '私密部分：', en: 'Its private part:' }, hidden));
  return lines;
}

/** A time as people and programs read it; a number that is no time stays one. */
export function timeOf(atMs: Json | undefined): string {
  return typeof atMs === 'number' && Math.abs(atMs) <= 8.64e15 ? new Date(atMs).toISOString() : words(atMs);
}

function labelled(label: Text, value: Json | undefined): Text {
  return { zh: `${label.zh}：${words(value)}`, en: `${label.en}: ${words(value)}` };
}

function words(value: Json | undefined): string {
  if (Array.isArray(value)) return value.map((item: Json) => words(item)).join(', ');
  return shown(typeof value === 'string' ? value : (JSON.stringify(value) ?? '—'));
}

function block(label: Text, value: JsonObject): Text {
  const text = JSON.stringify(value, undefined, 2).split('\n').map((line) => shown(line)).join('\n');
  return { zh: `${label.zh}\n${text}`, en: `${label.en}\n${text}` };
}
