import { describe, expect, it } from 'vitest';
import { decodeBody, readSoapAnswer } from '../src/soap/soap-answer.ts';
import { DigestCredentials, parseChallenges } from '../src/soap/digest-credentials.ts';
import { OnvifError } from '../src/soap/onvif-error.ts';
import { escapeXml, readXml, textAt } from '../src/soap/xml-node.ts';
import { rankProfiles, readProfiles } from '../src/media/media-profile.ts';
import { readDeviceTime } from '../src/device/device-time.ts';

const soap = (body: string): string => `<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>${body}</s:Body></s:Envelope>`;
const read = (text: string, status = 200) => readSoapAnswer({ status, contentType: '', body: Buffer.from(text) }, 'XResponse');
const fault = (code: string, reason: string): string => soap(`<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:${code}</s:Value></s:Subcode></s:Code><s:Reason><s:Text>${reason}</s:Text></s:Reason></s:Fault>`);

describe('readXml', () => {
  it('keeps every text as it is: long numbers, trailing zeros, booleans', () => {
    const node = readXml('<a><b>20190101123456789012</b><c>1.10</c><d>true</d></a>');
    expect(['b', 'c', 'd'].map((name) => textAt(node, name))).toEqual(['20190101123456789012', '1.10', 'true']);
  });

  it('takes bare ampersands, unknown entities, undeclared prefixes, comments and CDATA', () => {
    expect(readXml('<!-- x --><p:a q:b="1 &amp; 2">A & B &nbsp; &#x41;&lt;<![CDATA[<z>]]></p:a>')).toMatchObject({ name: 'a', text: 'A & B &nbsp; A<<z>' });
  });

  it('round-trips any text through escapeXml', () => {
    for (const text of ['<a href="x">&amp;</a>', "it's", '密码', '&#65;', ']]>']) expect(readXml(`<t v="${escapeXml(text)}">${escapeXml(text)}</t>`)).toMatchObject({ text, attributes: new Map([['v', text]]) });
  });

  it('refuses cut, crossed and bottomless documents with MALFORMED and nothing else, whatever is changed in them', () => {
    const seed = fault('NotAuthorized', 'no <b k="v">x</b>');
    let state = 3;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let round = 0; round < 5000; round += 1) {
      const bytes = Buffer.from(seed.slice(0, 1 + random(seed.length)));
      for (let flips = random(5); flips > 0; flips -= 1) bytes[random(bytes.length)] = random(256);
      try {
        readXml(bytes.toString('latin1'));
      } catch (error) {
        expect(error).toMatchObject({ name: 'OnvifError', code: 'MALFORMED' });
      }
    }
    for (const text of ['', 'x', '<a>', '<a></b>', '<a'.repeat(100_000), '<a>'.repeat(100_000), `<a b="${'x'.repeat(100_000)}`]) expect(() => readXml(text)).toThrow(OnvifError);
  });
});

describe('readSoapAnswer', () => {
  it.each([
    ['a wrong login', fault('NotAuthorized', 'Sender not authorized'), 400, 'BAD_CREDENTIALS'],
    ['a wrong login with status 200', fault('NotAuthorized', 'no'), 200, 'BAD_CREDENTIALS'],
    ['an account that is locked', fault('NotAuthorized', 'The account is locked'), 401, 'LOCKED_OUT'],
    ['a token that the device finds too old', fault('Other', 'MessageExpired'), 400, 'CLOCK_SKEW'],
    ['a missing action', fault('ActionNotSupported', 'Optional Action Not Implemented'), 500, 'NOT_SUPPORTED'],
    ['any other fault', fault('Action', 'Action failed'), 500, 'DEVICE_FAULT'],
    ['an old SOAP 1.1 fault', soap('<Fault><faultcode>Server</faultcode><faultstring>broken</faultstring></Fault>'), 500, 'DEVICE_FAULT'],
    ['an unexpected body', soap('<YResponse/>'), 200, 'MALFORMED'],
    ['an empty body', soap(''), 200, 'MALFORMED'],
    ['an empty answer', '', 200, 'MALFORMED'],
    ['a web page', '<html><body>hello<br></body></html>', 200, 'MALFORMED'],
    ['a login page', '<html><body>hello<br></body></html>', 401, 'BAD_CREDENTIALS'],
    ['a redirect', '', 302, 'MALFORMED'],
    ['an overloaded device', '', 503, 'BUSY'],
    ['too many tries', '', 429, 'LOCKED_OUT'],
  ])('tells %s', (_, text, status, code) => {
    expect(() => read(text, status)).toThrow(expect.objectContaining({ code }));
  });

  it('decodes GB2312 as the prolog says, and survives charsets that do not exist', () => {
    const name = Buffer.from([0xb6, 0xab, 0xc3, 0xc5]);
    const body = Buffer.concat([Buffer.from('<?xml version="1.0" encoding="GB2312"?><a>'), name, Buffer.from('</a>')]);
    expect(decodeBody(body, 'application/soap+xml; charset=utf-8')).toContain('东门');
    expect(decodeBody(Buffer.from('<a/>'), 'text/xml; charset=no-such')).toBe('<a/>');
  });
});

describe('digest', () => {
  // RFC 7616 clause 3.9.1: the example for both algorithms.
  const challenge = (algorithm: string) => `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;
  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('answers the example of RFC 7616 with %s', (algorithm, response) => {
    const credentials = new DigestCredentials('Mufasa', 'Circle of Life', () => 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ');
    expect(credentials.learn(parseChallenges([challenge(algorithm)]))).toBe(true);
    expect(credentials.authorize('GET', '/dir/index.html')).toContain(`response="${response}"`);
  });

  it('prefers SHA-256, counts its requests, and starts anew with a new nonce', () => {
    const credentials = new DigestCredentials('u', 'p');
    credentials.learn(parseChallenges([challenge('MD5'), challenge('SHA-256')]));
    expect(credentials.authorize('POST', '/')).toMatch(/nc=00000001.*algorithm=SHA-256/);
    expect(credentials.authorize('POST', '/')).toContain('nc=00000002');
    credentials.learn(parseChallenges(['digest realm="r", nonce="n"']));
    expect(credentials.authorize('POST', '/')).not.toContain('qop');
  });

  it('splits several challenges in one header and answers none that it cannot', () => {
    const challenges = parseChallenges(['Basic realm="a, b", Digest realm="c", nonce="d", qop="auth,auth-int", Negotiate']);
    expect(challenges.map(({ scheme, parameters }) => [scheme, parameters.get('realm')])).toEqual([['basic', 'a, b'], ['digest', 'c'], ['negotiate', undefined]]);
    expect(new DigestCredentials('u', 'p').learn(parseChallenges(['Basic realm="x"', 'Digest realm="x", nonce="y", qop="auth-int"', 'Digest realm="x", nonce="y", algorithm=TIGER']))).toBe(false);
  });
});

describe('mapping', () => {
  it('reads the device time, and refuses an impossible one', () => {
    const time = (year: string, hour: string) => readXml(`<GetSystemDateAndTimeResponse><SystemDateAndTime><UTCDateTime><Time><Hour>${hour}</Hour><Minute>5</Minute><Second>6</Second></Time><Date><Year>${year}</Year><Month>11</Month><Day>23</Day></Date></UTCDateTime></SystemDateAndTime></GetSystemDateAndTimeResponse>`);
    expect(readDeviceTime(time('2026', '4'))).toBe(Date.UTC(2026, 10, 23, 4, 5, 6));
    expect([readDeviceTime(time('0000', '4')), readDeviceTime(time('2026', 'x')), readDeviceTime(readXml('<a/>'))]).toEqual([undefined, undefined, undefined]);
  });

  it('leaves out profiles without a token or an encoder, and ranks by size', () => {
    const encoder = (width: number) => `<VideoEncoderConfiguration><Encoding>H265</Encoding><Resolution><Width>${width}</Width><Height>100</Height></Resolution></VideoEncoderConfiguration>`;
    const profiles = readProfiles(readXml(`<r><Profiles token="1.50">${encoder(640)}</Profiles><Profiles token="true">${encoder(1920)}</Profiles><Profiles>${encoder(1)}</Profiles><Profiles token="x"/></r>`));
    expect(rankProfiles(profiles).map(({ token, role, codec }) => [token, role, codec])).toEqual([['true', 'main', 'h265'], ['1.50', 'sub', 'h265']]);
  });
});
