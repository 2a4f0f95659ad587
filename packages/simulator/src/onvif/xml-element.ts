// A small strict XML reader for SOAP requests: elements, attributes and text with namespaces, no DTD, depth and size capped.

/** One element; text of all directly contained text nodes joined and trimmed. */
export interface XmlElement {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** The text is not XML that this reader takes. */
export class XmlSyntaxError extends Error {
  override readonly name = 'XmlSyntaxError';
}

interface OpenElement {
  readonly qualifiedName: string;
  readonly namespaces: ReadonlyMap<string, string>;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const maxDepth = 64;
const token = /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^\s<>/]+)\s*>|<([^\s<>/!?]+)((?:\s+[^\s<>/=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;

/** Parses a document. @throws XmlSyntaxError */
export function parseXml(text: string): XmlElement {
  const stack: OpenElement[] = [];
  let root: XmlElement | undefined;
  const close = (open: OpenElement): void => {
    const element = finish(open);
    const parent = stack.at(-1);
    if (parent) parent.children.push(element);
    else root = element;
  };
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new XmlSyntaxError(`not well-formed at character ${at}`);
    const [, cdata, closing, opening, attributes, selfClosing, plain] = match;
    const current = stack.at(-1);
    if (opening !== undefined) {
      if (root) throw new XmlSyntaxError('more than one root element');
      const open = begin(opening, attributes ?? '', current);
      if (selfClosing === '/') close(open);
      else if (stack.push(open) > maxDepth) throw new XmlSyntaxError(`nested deeper than ${maxDepth}`);
    } else if (closing !== undefined) {
      if (current?.qualifiedName !== closing) throw new XmlSyntaxError(`</${closing.slice(0, 40)}> closes nothing`);
      stack.pop();
      close(current);
    } else if (current) current.text += cdata ?? decodeEntities(plain ?? '');
    else if ((cdata ?? plain ?? '').trim().replace('\uFEFF', '') !== '') throw new XmlSyntaxError('text outside the root element');
  }
  if (!root || stack.length > 0) throw new XmlSyntaxError('the document ends too early');
  return root;
}

/** First direct child with this local name. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** Replaces the characters that have a meaning in XML. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function begin(qualifiedName: string, attributeText: string, parent: OpenElement | undefined): OpenElement {
  const attributes = new Map<string, string>();
  let namespaces = parent?.namespaces ?? new Map<string, string>();
  for (const [, name = '', double, single] of attributeText.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    const value = decodeEntities(double ?? single ?? '');
    attributes.set(name, value);
    if (name === 'xmlns') namespaces = new Map(namespaces).set('', value);
    else if (name.startsWith('xmlns:')) namespaces = new Map(namespaces).set(name.slice(6), value);
  }
  return { qualifiedName, namespaces, attributes, children: [], text: '' };
}

function finish(open: OpenElement): XmlElement {
  const colon = open.qualifiedName.indexOf(':');
  const namespace = open.namespaces.get(open.qualifiedName.slice(0, Math.max(colon, 0)));
  if (namespace === undefined && colon > 0) throw new XmlSyntaxError(`undeclared prefix in ${open.qualifiedName.slice(0, 40)}`);
  return { namespace: namespace ?? '', name: open.qualifiedName.slice(colon + 1), attributes: open.attributes, children: open.children, text: open.text.trim() };
}

const namedEntities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replaceAll(/&([^;\s]{0,10});?/g, (whole, name: string) => {
    const code = /^#x[0-9a-f]+$/i.test(name) ? Number.parseInt(name.slice(2), 16) : /^#\d+$/.test(name) ? Number(name.slice(1)) : undefined;
    const decoded = code !== undefined && code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : namedEntities[name];
    if (decoded === undefined || !whole.endsWith(';')) throw new XmlSyntaxError(`unknown entity ${whole.slice(0, 12)}`);
    return decoded;
  });
}
