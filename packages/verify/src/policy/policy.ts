// Whom to trust: logs, witnesses, groups and the quorum. c2sp.org/tlog-policy.
import { textOf, utf8 } from '../bytes/bytes.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { VerifyError } from '../errors.ts';
import { parseVkey, type SignatureType, type VerifierKey } from '../note/vkey.ts';
import { shown, type Text } from '../text.ts';

/** A log that is trusted to sign. */
export interface PolicyLog {
  readonly key: VerifierKey;
  readonly url?: string;
}

/** A witness; its name means something in the policy only. */
export interface PolicyWitness {
  readonly name: string;
  readonly key: VerifierKey;
  readonly url?: string;
}

/** At least `threshold` of the members must have witnessed. A single witness is a rule of one. */
export interface QuorumRule {
  readonly name: string;
  readonly threshold: number;
  readonly members: readonly (PolicyWitness | QuorumRule)[];
}

/** A policy that was read. */
export interface Policy {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  /** `undefined` for `quorum none`: no witness is asked for. */
  readonly quorum: QuorumRule | undefined;
}

const largestBytes = 1_000_000;
const mostOfAKind = 256;

/** Reads a policy: at most 1,000,000 bytes, 256 logs, 256 witnesses and 256 groups. Throws `POLICY_INVALID` with the line. */
export function parsePolicy(crypto: Crypto, policy: Uint8Array | string): Policy {
  const bytes = typeof policy === 'string' ? utf8(policy) : policy;
  if (bytes.length > largestBytes) throw invalid(1, { zh: `策略文件超过 ${largestBytes} 字节`, en: `the policy is longer than ${largestBytes} bytes` });
  const reader = createReader(crypto);
  for (const [index, line] of linesOf(bytes).entries()) {
    const words = line.split(/[ \t]+/).filter((word) => word !== '');
    if (words.length > 0 && !words[0]!.startsWith('#')) reader.read(index + 1, words);
  }
  return reader.end();
}

/** A policy that trusts the key of one log and asks for no witness. */
export function policyOfKey(key: VerifierKey): Policy {
  return { logs: [{ key }], witnesses: [], quorum: undefined };
}

/** Whether those who cosigned are enough. */
export function meetsQuorum(policy: Policy, cosigned: ReadonlySet<VerifierKey>): boolean {
  return policy.quorum === undefined || holds(policy.quorum, cosigned);
}

/** The names of the witnesses that the quorum counts and that did not cosign. */
export function missingWitnesses(policy: Policy, cosigned: ReadonlySet<VerifierKey>): readonly string[] {
  const missing: string[] = [];
  const visit = (member: PolicyWitness | QuorumRule): void => {
    if (!('members' in member)) {
      if (!cosigned.has(member.key)) missing.push(member.name);
    } else if (!holds(member, cosigned)) member.members.forEach(visit);
  };
  if (policy.quorum) visit(policy.quorum);
  return missing;
}

function holds(rule: PolicyWitness | QuorumRule, cosigned: ReadonlySet<VerifierKey>): boolean {
  return 'members' in rule ? rule.members.filter((member) => holds(member, cosigned)).length >= rule.threshold : cosigned.has(rule.key);
}

/** Lines of octets, each octet one character: the policy has no need of Unicode. */
function linesOf(bytes: Uint8Array): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const byte of bytes) {
    if (byte === 0x0a) {
      lines.push(line);
      line = '';
      continue;
    }
    if (byte === 0x0d) throw invalid(lines.length + 1, { zh: '含有回车符；请以 LF 换行保存', en: 'it holds a carriage return; save the file with LF line ends' });
    if ((byte < 0x20 && byte !== 0x09) || byte === 0x7f) throw invalid(lines.length + 1, { zh: `含有控制字符 0x${byte.toString(16).padStart(2, '0')}`, en: `it holds the control character 0x${byte.toString(16).padStart(2, '0')}` });
    line += String.fromCharCode(byte);
  }
  // Editors that leave out the last newline do no harm.
  lines.push(line);
  return lines;
}

/** Octets as people read them. */
function readable(octets: string): string {
  return textOf(Uint8Array.from(octets, (char) => char.charCodeAt(0))) ?? octets;
}

function invalid(line: number, reason: Text): VerifyError {
  return new VerifyError('POLICY_INVALID', { line, reason });
}

function createReader(crypto: Crypto) {
  const logs: PolicyLog[] = [];
  const witnesses: PolicyWitness[] = [];
  const named = new Map<string, PolicyWitness | QuorumRule>();
  const members = new Set<string>();
  let groups = 0;
  let lastLine = 1;
  let quorum: { readonly rule: QuorumRule | undefined } | undefined;

  const keyOf = (line: number, octets: string, types: readonly SignatureType[], what: Text): VerifierKey => {
    const vkey = readable(octets);
    let key: VerifierKey;
    try {
      key = parseVkey(crypto, vkey);
    } catch (error) {
      if (error instanceof VerifyError) throw new VerifyError('POLICY_INVALID', { line, reason: error.text }, { cause: error });
      throw error;
    }
    if (!types.includes(key.type)) throw invalid(line, { zh: `${what.zh}密钥的签名类型为 ${key.type}，应为 ${types.join(' 或 ')}`, en: `the key of a ${what.en} must be of signature type ${types.join(' or ')}, this one is ${key.type}` });
    return key;
  };
  const refuseSameKey = (line: number, key: VerifierKey, others: readonly { readonly key: VerifierKey }[], what: Text): void => {
    if (others.some((other) => other.key.publicKey.every((byte, index) => byte === key.publicKey[index]))) throw invalid(line, { zh: `该${what.zh}的公钥已经出现过`, en: `a ${what.en} with this public key is there already` });
    if (others.length >= mostOfAKind) throw invalid(line, { zh: `${what.zh}超过 ${mostOfAKind} 个`, en: `there are more than ${mostOfAKind} of this kind (${what.en})` });
  };
  const define = (line: number, name: string, value: PolicyWitness | QuorumRule): void => {
    if (name === 'none') throw invalid(line, { zh: '名称 none 已有固定含义，不能使用', en: 'the name none has a meaning of its own and cannot be given' });
    if (named.has(name)) throw invalid(line, { zh: `名称 ${shown(readable(name))} 已经定义过`, en: `the name ${shown(readable(name))} is defined already` });
    named.set(name, value);
  };
  const find = (line: number, name: string): PolicyWitness | QuorumRule => {
    const found = named.get(name);
    if (!found) throw invalid(line, { zh: `名称 ${shown(readable(name))} 尚未定义`, en: `the name ${shown(readable(name))} is not defined in a line above` });
    return found;
  };
  const url = (octets: string | undefined) => (octets === undefined ? {} : { url: readable(octets) });
  const logText = { zh: '日志', en: 'log' };
  const witnessText = { zh: '见证方', en: 'witness' };

  const kinds: Readonly<Record<string, (line: number, words: readonly string[]) => void>> = {
    log(line, words) {
      if (words.length < 1 || words.length > 2) throw invalid(line, { zh: '应为 log <验证密钥> [<网址>]', en: 'it must be log <vkey> [<url>]' });
      const key = keyOf(line, words[0]!, [1, 4], logText);
      refuseSameKey(line, key, logs, logText);
      logs.push({ key, ...url(words[1]) });
    },
    witness(line, words) {
      if (words.length < 2 || words.length > 3) throw invalid(line, { zh: '应为 witness <名称> <验证密钥> [<网址>]', en: 'it must be witness <name> <vkey> [<url>]' });
      const key = keyOf(line, words[1]!, [4], witnessText);
      refuseSameKey(line, key, witnesses, witnessText);
      const witness = { name: readable(words[0]!), key, ...url(words[2]) };
      define(line, words[0]!, witness);
      witnesses.push(witness);
    },
    group(line, words) {
      const [name, count, ...names] = words;
      if (name === undefined || count === undefined || names.length === 0) throw invalid(line, { zh: '应为 group <名称> all|any|<数目> <成员>…', en: 'it must be group <name> all|any|<k> <member>…' });
      const threshold = count === 'all' ? names.length : count === 'any' ? 1 : /^[1-9][0-9]{0,5}$/.test(count) ? Number(count) : 0;
      if (threshold < 1 || threshold > names.length) throw invalid(line, { zh: `门限 ${shown(readable(count))} 应为 all、any 或 1 到 ${names.length}`, en: `the threshold ${shown(readable(count))} must be all, any, or from 1 to ${names.length}` });
      if (++groups > mostOfAKind) throw invalid(line, { zh: `组超过 ${mostOfAKind} 个`, en: `there are more than ${mostOfAKind} groups` });
      const found = names.map((member) => {
        const value = find(line, member);
        if (members.has(member)) throw invalid(line, { zh: `${shown(readable(member))} 已是某个组的成员`, en: `${shown(readable(member))} is a member of a group already` });
        members.add(member);
        return value;
      });
      define(line, name, { name: readable(name), threshold, members: found });
    },
    quorum(line, words) {
      if (words.length !== 1) throw invalid(line, { zh: '应为 quorum <名称> 或 quorum none', en: 'it must be quorum <name> or quorum none' });
      if (quorum) throw invalid(line, { zh: 'quorum 只能有一行', en: 'there is a quorum line already' });
      if (words[0] === 'none') {
        quorum = { rule: undefined };
        return;
      }
      const found = find(line, words[0]!);
      quorum = { rule: 'members' in found ? found : { name: found.name, threshold: 1, members: [found] } };
    },
  };

  return {
    read(line: number, [kind, ...words]: readonly string[]): void {
      lastLine = line;
      const reader = Object.hasOwn(kinds, kind!) ? kinds[kind!] : undefined;
      if (!reader) throw invalid(line, { zh: `不认识 ${shown(readable(kind!))}，应为 log、witness、group 或 quorum`, en: `${shown(readable(kind!))} is not known; it must be log, witness, group or quorum` });
      reader(line, words);
    },
    end(): Policy {
      if (!quorum) throw invalid(lastLine, { zh: '到文件末尾没有 quorum 行', en: 'the file ends without a quorum line' });
      return { logs, witnesses, quorum: quorum.rule };
    },
  };
}
