import { describe, expect, it } from 'vitest';
import { meetsQuorum, missingWitnesses, parsePolicy, utf8, type Policy } from '../src/index.ts';
import { testKey } from './keys.ts';

const log = testKey('log.example/a');
const names = ['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3'] as const;
const keys = Object.fromEntries(names.map((name) => [name, testKey(`${name}.example/w`, 4)])) as Record<(typeof names)[number], ReturnType<typeof testKey>>;
const witnesses = names.map((name) => `witness ${name} ${keys[name].vkey}`);
const example = [
  `log ${log.vkey}`, '', ...witnesses.slice(0, 3), 'group X-witnesses 2 X1 X2 X3', '', ...witnesses.slice(3), 'group Y-witnesses any Y1 Y2 Y3', '', 'group X-and-Y all X-witnesses Y-witnesses', 'quorum X-and-Y', '',
];
const cosigned = (policy: Policy, ...by: readonly string[]) => new Set(policy.witnesses.filter((witness) => by.includes(witness.name)).map((witness) => witness.key));

describe('a policy', () => {
  it('of the specification asks for two of X and one of Y', () => {
    const policy = parsePolicy(example.join('\n'));
    const meets = (...by: readonly string[]) => meetsQuorum(policy, cosigned(policy, ...by));
    expect(policy.logs.map(({ key }) => key.name)).toEqual(['log.example/a']);
    expect([meets(), meets('X1', 'X2'), meets('X1', 'Y1'), meets('Y1', 'Y2', 'Y3'), meets('X1', 'X3', 'Y2'), meets(...names)]).toEqual([false, false, false, false, true, true]);
    expect(missingWitnesses(policy, cosigned(policy, 'X1', 'Y1'))).toEqual(['X2', 'X3']);
  });

  it('may ask for one witness, or for none, with tabs, comments, addresses and no last newline', () => {
    const one = parsePolicy(`# 策略\n\t log\t${log.vkey} https://log.example/ \n${witnesses[0]} http://w.example:7380/\n quorum X1`);
    expect(one).toMatchObject({ logs: [{ url: 'https://log.example/' }], witnesses: [{ name: 'X1', url: 'http://w.example:7380/' }], quorum: { threshold: 1 } });
    expect([meetsQuorum(one, new Set()), meetsQuorum(one, cosigned(one, 'X1'))]).toEqual([false, true]);
    const none = parsePolicy('quorum none\n');
    expect(none).toEqual({ logs: [], witnesses: [], quorum: undefined });
    expect(meetsQuorum(none, new Set())).toBe(true);
  });

  it('handles names as octets', () => {
    const kelvin = `witness K ${keys.X1.vkey}\nwitness \u212A ${keys.X2.vkey}\ngroup g 2 K \u212A\nquorum g\n`;
    expect(parsePolicy(kelvin).witnesses.map((witness) => witness.name)).toEqual(['K', '\u212A']);
    const octets = Buffer.concat([Buffer.from('witness '), Buffer.of(0xff), Buffer.from(` ${keys.X1.vkey}\nquorum `), Buffer.of(0xff), Buffer.from('\n')]);
    expect(parsePolicy(octets).witnesses).toHaveLength(1);
  });

  const w1 = witnesses[0]!;
  const w2 = witnesses[1]!;
  it.each<readonly [number, string, string]>([
    [1, 'ends without a quorum line', ''],
    [1, 'ends without a quorum line', w1],
    [2, 'is a quorum line already', 'quorum none\nquorum none'],
    [1, 'not defined in a line above', `quorum X1\n${w1}`],
    [2, 'not defined in a line above', `${w1}\ngroup g any X1 X2\n${w2}\nquorum g`],
    [1, 'not defined in a line above', 'group g any g\nquorum g'],
    [2, 'not defined in a line above', `${w1}\ngroup g any none\nquorum g`],
    [3, 'member of a group already', `${w1}\ngroup g any X1\ngroup h any X1 g\nquorum h`],
    [2, 'member of a group already', `${w1}\ngroup g 2 X1 X1\nquorum g`],
    [2, 'is defined already', `${w1}\n${w2.replace('X2', 'X1')}\nquorum X1`],
    [2, 'is defined already', `${w1}\ngroup X1 any X1\nquorum X1`],
    [1, 'none has a meaning of its own', `${w1.replace('X1', 'none')}\nquorum none`],
    [2, 'public key is there already', `log ${log.vkey}\nlog ${log.vkey}\nquorum none`],
    [2, 'public key is there already', `${w1}\n${w1.replace('X1', 'X9')}\nquorum none`],
    [2, 'must be all, any, or from 1 to 1', `${w1}\ngroup g 2 X1\nquorum g`],
    [2, 'must be all, any, or from 1 to 1', `${w1}\ngroup g 0 X1\nquorum g`],
    [2, 'must be all, any, or from 1 to 1', `${w1}\ngroup g 01 X1\nquorum g`],
    [2, 'it must be group', `${w1}\ngroup g all\nquorum g`],
    [1, 'it must be log', 'log\nquorum none'],
    [1, 'it must be witness', `witness ${keys.X1.vkey}\nquorum none`],
    [1, 'it must be quorum', 'quorum'],
    [1, 'is not known', 'Quorum none'],
    [1, 'is not known', 'constructor none'],
    [1, 'signature type 4', `witness X1 ${log.vkey}\nquorum none`],
    [1, 'does not fit its name and key', `log ${log.vkey.replace('/a', '/b')}\nquorum none`],
    [2, 'carriage return', 'quorum none\n\r\n'],
    [1, 'control character 0x00', 'quorum\u0000 none\n'],
    [1, 'control character 0x7f', 'quorum\u007F none\n'],
  ])('is refused in line %i: %s', (line, reason, text) => {
    expect(() => parsePolicy(text)).toThrow(expect.objectContaining({ code: 'POLICY_INVALID', message: expect.stringContaining(`in line ${line}: `) }));
    expect(() => parsePolicy(text)).toThrow(reason);
  });

  it('says in both languages what is wrong', () => {
    expect(() => parsePolicy('quorum nobody')).toThrow(expect.objectContaining({ text: { zh: '策略文件第 1 行有误：名称 nobody 尚未定义；格式见 c2sp.org/tlog-policy', en: expect.stringContaining('nobody') } }));
  });

  it('holds 32 logs, 32 witnesses and 32 groups, and not without end', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => index);
    const text = (count: number) => [...many(count).map((index) => `log ${testKey(`l${index}`).vkey}`), ...many(count).map((index) => `witness w${index} ${testKey(`w${index}`, 4).vkey}`), ...many(count).map((index) => `group g${index} all w${index}`), `group q ${count} ${many(count).map((index) => `g${index}`).join(' ')}`, 'quorum q'].join('\n');
    expect(parsePolicy(text(32)).quorum?.members).toHaveLength(32);
    expect(() => parsePolicy(text(257))).toThrow('more than 256');
    expect(() => parsePolicy(utf8('#'.repeat(1_000_001)))).toThrow('longer than');
  });
});
