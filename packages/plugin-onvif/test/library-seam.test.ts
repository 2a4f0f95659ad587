import { createRequire } from 'node:module';
import onvif from 'onvif';
import { describe, expect, it } from 'vitest';
import { writeLibraryRequest } from '../src/soap/library-requests.ts';

const require = createRequire(import.meta.url);

describe('the seam in the onvif package', () => {
  it('is version 0.8.3 and has the private names that we replace', () => {
    expect((require('onvif/package.json') as { version: string }).version).toBe('0.8.3');
    const prototype = onvif.Cam.prototype as unknown as Record<string, unknown>;
    for (const name of ['_request', '_requestPart2', '_envelopeHeader', '_envelopeFooter', '_passwordDigest']) expect([name, typeof prototype[name]]).toEqual([name, 'function']);
    expect(typeof (require('onvif/lib/utils') as { parseSOAPString: unknown }).parseSOAPString).toBe('function');
  });

  it('writes requests without opening a connection, the media calls in both forms', async () => {
    const media1 = await writeLibraryRequest((camera, done) => camera.getStreamUri({ protocol: 'RTSP', profileToken: '00000' }, done));
    expect(media1).toMatchObject({ service: 'media', action: 'http://www.onvif.org/ver10/media/wsdl/GetStreamUri' });
    expect(media1.body).toContain('<ProfileToken>00000</ProfileToken>');
    const media2 = await writeLibraryRequest((camera, done) => camera.getProfiles(done), { media2: true });
    expect(media2).toMatchObject({ service: 'media2', action: 'http://www.onvif.org/ver20/media/wsdl/GetProfiles' });
    expect(media2.body).not.toContain('UsernameToken');
  });

  it('puts a token with our time and an escaped user into the header, never the password', async () => {
    const token = { username: 'a&b<c', password: '密码', createdMs: Date.UTC(2026, 0, 2) };
    const { body } = await writeLibraryRequest((camera, done) => camera.getDeviceInformation(done), { token });
    expect(body).toContain('<Username>a&amp;b&lt;c</Username>');
    expect(body).toContain('>2026-01-02T00:00:00.000Z</Created>');
    expect(body).not.toContain('密码');
  });

  it('rejects when the request cannot be written', async () => {
    await expect(writeLibraryRequest((camera, done) => camera.getStreamUri({ protocol: 'RTSP', profileToken: '<' }, done))).rejects.toThrow();
  });
});
