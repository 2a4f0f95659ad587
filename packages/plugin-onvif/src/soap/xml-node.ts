// A lenient XML reader for what devices send: undeclared prefixes, bare `&` and `<`, odd prologs. Text stays text: nothing becomes a number.
import { OnvifError } from './onvif-error.ts';

/** An element. Prefixes are dropped: devices get their declarations wrong, and no two ONVIF elements differ by namespace alone. */
export interface XmlNode {
  readonly name: string;
  /** Attribute values by local name. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlNode[];
  /** Directly contained text, trimmed. */
  readonly text: string;
}

interface OpenNode {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlNode[];
  text: string;
}

const maxDepth = 200;
const token = /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<!DOCTYPE[^>[]*(?:\[[^\]]*\])?[^>]*>|<\/([^\s<>/]+)\s*>|<([A-Za-z_][^\s<>/]*)((?:[^<>"']|"[^"]*"|'[^']*')*?)(\/?)>|([^<]+|<(?=[\s\d]))/iy;

/** Parses a document. @throws OnvifError `MALFORMED`, with the place */
export function readXml(text: string): XmlNode {
  const stack: OpenNode[] = [];
  let root: XmlNode | undefined;
  const put = (node: XmlNode): void => {
    const parent = stack.at(-1);
    if (parent) parent.children.push(node);
    else root ??= node;
  };
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw malformed(`no XML at character ${at}`);
    const [, cdata, closing, opening, attributes, selfClosing, plain] = match;
    const current = stack.at(-1);
    if (opening !== undefined) {
      const node: OpenNode = { name: localName(opening), attributes: readAttributes(attributes ?? ''), children: [], text: '' };
      if (selfClosing === '/') put(node);
      else if (stack.push(node) > maxDepth) throw malformed(`elements nested deeper than ${maxDepth}`);
    } else if (closing !== undefined) {
      if (current?.name !== localName(closing)) throw malformed(`</${closing.slice(0, 60)}> at character ${at} closes nothing`);
      stack.pop();
      put({ ...current, text: current.text.trim() });
    } else if (current) current.text += cdata ?? decodeEntities(plain ?? '');
  }
  if (stack.length > 0) throw malformed(`the answer ends inside <${stack.at(-1)?.name.slice(0, 60)}>`);
  if (!root) throw malformed('the answer holds no XML');
  return root;
}

/** The first child along `path`, by local names. */
export function nodeAt(node: XmlNode | undefined, ...path: readonly string[]): XmlNode | undefined {
  return path.reduce<XmlNode | undefined>((found, name) => found?.children.find((child) => child.name === name), node);
}

/** Text of the first child along `path`; empty text counts as none. */
export function textAt(node: XmlNode | undefined, ...path: readonly string[]): string | undefined {
  const text = nodeAt(node, ...path)?.text;
  return text === '' ? undefined : text;
}

/** All children with this local name. */
export function nodesNamed(node: XmlNode | undefined, name: string): XmlNode[] {
  return node?.children.filter((child) => child.name === name) ?? [];
}

/** A number, or `undefined` when the text is none. `"20.000000"` is 20. */
export function numberAt(node: XmlNode | undefined, ...path: readonly string[]): number | undefined {
  const text = textAt(node, ...path);
  return text !== undefined && /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** Replaces the characters that have a meaning in XML. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&apos;');
}

function localName(qualified: string): string {
  return qualified.slice(qualified.indexOf(':') + 1);
}

function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single] of text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    attributes.set(localName(name), decodeEntities(double ?? single ?? ''));
  }
  return attributes;
}

const namedEntities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** An unknown entity or a bare `&` stays as it is; some devices put them into names. */
function decodeEntities(text: string): string {
  return text.replaceAll(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,4});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return namedEntities[name] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function malformed(reason: string): OnvifError {
  return new OnvifError('MALFORMED', { reason });
}
