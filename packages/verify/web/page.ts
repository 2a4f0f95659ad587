// The offline page: a policy, files, a result. Nothing is sent anywhere.
import { concatBytes } from '../src/bytes/bytes.ts';
import { linesOfEvidence, linesOfReceipt, type Line } from '../src/command/texts.ts';
import { nobleCrypto } from '../src/crypto/noble-crypto.ts';
import { VerifyError } from '../src/errors.ts';
import type { Policy } from '../src/policy/policy.ts';
import { chunksOf, createFilesSource, type NamedFile } from '../src/sources/files-source.ts';
import { fillText, shown, type Text } from '../src/text.ts';
import { createVerifier } from '../src/verifier.ts';
import { droppedFiles } from './dropped-files.ts';
import { pageTexts } from './texts.ts';

const verifier = createVerifier(nobleCrypto);
const receiptBytes = 2_000_000;
const marks: Readonly<Record<Line['mark'], string>> = { '✔': 'good', '✖': 'bad', '⚠': 'warn', ' ': 'plain' };
const element = <E extends HTMLElement = HTMLElement>(id: string) => document.querySelector<E>(`#${id}`)!;

let language: 'zh' | 'en' = navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
let files: readonly NamedFile[] = [];
let policy: Policy | undefined;
let lines: readonly Line[] = [];
let policyLine: Line = { mark: ' ', ...pageTexts.policyNone };
/** Of two checks the later one speaks. */
let latest = 0;

function render(): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const place of document.querySelectorAll<HTMLElement>('[data-text]')) place.textContent = pageTexts[place.dataset['text'] as keyof typeof pageTexts][language];
  element('language').textContent = pageTexts.language[language];
  element('language').lang = language === 'zh' ? 'en' : 'zh-CN';
  element('picked').textContent = files.length > 0 ? fillText(pageTexts.picked, { count: files.length })[language] : '';
  element('policy-state').textContent = policyLine[language];
  element('policy-state').className = marks[policyLine.mark];
  const spoken: readonly Line[] = lines.length > 0 ? lines : [{ mark: ' ', ...pageTexts.nothing }];
  element('result').replaceChildren(
    ...spoken.map((line, index) => {
      const paragraph = document.createElement('p');
      paragraph.className = `${line.en.includes('\n') ? 'code' : marks[line.mark]}${index === 0 && line.mark !== ' ' ? ' verdict' : ''}`;
      paragraph.textContent = line.mark === ' ' ? line[language] : `${line.mark} ${line[language]}`;
      return paragraph;
    }),
  );
}

function readPolicy(): void {
  const text = element<HTMLTextAreaElement>('policy').value;
  policy = undefined;
  policyLine = { mark: ' ', ...pageTexts.policyNone };
  try {
    if (text.trim() !== '') {
      // What is pasted into a page may have the line ends of any system.
      policy = verifier.parsePolicy(text.replaceAll('\r\n', '\n'));
      policyLine = { mark: '✔', ...fillText(pageTexts.policyGood, { logs: policy.logs.length, witnesses: policy.witnesses.length }) };
    }
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
    policyLine = { mark: '✖', ...error.text };
  }
  void check();
}

async function check(): Promise<void> {
  const turn = ++latest;
  const speak = (spoken: readonly Line[]) => {
    if (turn !== latest) return;
    lines = spoken;
    render();
  };
  if (!policy || files.length === 0) {
    speak([]);
    return;
  }
  const working = (done: number, of: number) => speak([{ mark: ' ', ...fillText(pageTexts.working, { done, of }) }]);
  try {
    speak(await found(policy, files, working));
  } catch (error) {
    const reason: Text | string = error instanceof VerifyError ? error.text : shown(String(error));
    speak([{ mark: '✖', ...fillText(pageTexts.failed, { reason }) }]);
  }
}

async function found(trusted: Policy, picked: readonly NamedFile[], working: (done: number, of: number) => void): Promise<readonly Line[]> {
  working(0, picked.length);
  if (picked.some((file) => file.name === 'evidence.json')) return linesOfEvidence(await verifier.verifyEvidence(createFilesSource(picked), trusted, (done) => working(done.files, done.of)));
  const receipts = picked.filter((file) => file.name.endsWith('.tlog-proof') || picked.length === 1);
  if (receipts.length === 0) return [{ mark: '✖', ...pageTexts.unknown }];
  const spoken: Line[] = [];
  for (const receipt of receipts) {
    if (receipts.length > 1) spoken.push({ mark: ' ', zh: shown(receipt.name), en: shown(receipt.name) });
    spoken.push(...linesOfReceipt(verifier.verifyReceipt(await bytesOf(receipt), trusted)));
  }
  return spoken;
}

/** A file's bytes, and no more than a receipt can have: a longer one is refused as such. */
async function bytesOf(file: NamedFile): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(file.stream())) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > receiptBytes) break;
  }
  return concatBytes(...chunks);
}

function take(picked: readonly NamedFile[]): void {
  files = picked;
  void check();
  render();
}

function opens(button: string, input: string, use: (list: readonly File[]) => void): void {
  const field = element<HTMLInputElement>(input);
  element(button).addEventListener('click', () => field.click());
  field.addEventListener('change', () => {
    use([...(field.files ?? [])]);
    // The same file may be chosen again after it was changed.
    field.value = '';
  });
}

element('language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh';
  render();
});
element('policy').addEventListener('input', readPolicy);
opens('policy-pick', 'policy-file', ([file]) => {
  void file?.text().then((text) => {
    element<HTMLTextAreaElement>('policy').value = text;
    readPolicy();
  });
});
opens('files-pick', 'files', take);
opens('folder-pick', 'folder', take);

const drop = element('drop');
// A file that misses the frame must not replace the page.
for (const type of ['dragover', 'drop']) addEventListener(type, (event) => event.preventDefault());
drop.addEventListener('dragover', () => drop.classList.add('over'));
drop.addEventListener('dragleave', () => drop.classList.remove('over'));
drop.addEventListener('drop', (event) => {
  drop.classList.remove('over');
  if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(take);
});
render();
