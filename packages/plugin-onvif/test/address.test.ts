import { describe, expect, it } from 'vitest';
import { applyAddressPolicy, parseDeviceAddress, parseToldAddress } from '../src/device/device-address.ts';

describe('the configured address', () => {
  it.each([
    ['192.168.1.5', 'http://192.168.1.5/onvif/device_service'],
    ['camera.local:8080', 'http://camera.local:8080/onvif/device_service'],
    ['[fe80::1]:81', 'http://[fe80::1]:81/onvif/device_service'],
    ['https://10.0.0.1/onvif/other', 'https://10.0.0.1/onvif/other'],
  ])('%s is %s', (text, href) => expect(parseDeviceAddress(text)?.href).toBe(href));

  it.each(['', 'http://', 'user:secret@10.0.0.1', '10.0.0.1#x', 'ftp://10.0.0.1', 'a b'])('"%s" is refused', (text) => expect(parseDeviceAddress(text)).toBeUndefined());
});

describe('the address policy', () => {
  const told = new URL('http://192.168.0.64:8000/onvif/media?x=1');
  const stream = new URL('rtsp://192.168.0.64:554/Streaming/Channels/101?transportmode=unicast');
  const reached = new URL('http://10.9.8.7:8081/onvif/device_service');
  it.each([
    ['as-told', 'http://192.168.0.64:8000/onvif/media?x=1', 'rtsp://192.168.0.64:554/Streaming/Channels/101?transportmode=unicast'],
    ['host', 'http://10.9.8.7:8000/onvif/media?x=1', 'rtsp://10.9.8.7:554/Streaming/Channels/101?transportmode=unicast'],
    ['host-and-port', 'http://10.9.8.7:8081/onvif/media?x=1', 'rtsp://10.9.8.7:554/Streaming/Channels/101?transportmode=unicast'],
    ['automatic', 'http://10.9.8.7:8081/onvif/media?x=1', 'rtsp://10.9.8.7:554/Streaming/Channels/101?transportmode=unicast'],
  ] as const)('%s', (policy, service, media) => {
    expect([applyAddressPolicy(told, reached, policy).href, applyAddressPolicy(stream, reached, policy).href]).toEqual([service, media]);
  });

  it('automatic believes a device that names the host we reached, with another port', () => {
    expect(applyAddressPolicy(new URL('http://10.9.8.7:9000/x'), reached, 'automatic').href).toBe('http://10.9.8.7:9000/x');
  });

  it('takes credentials out of told addresses and keeps the query', () => {
    expect(parseToldAddress('rtsp://u:p@10.0.0.1/live?a=1&b=2', ['rtsp:'])?.href).toBe('rtsp://10.0.0.1/live?a=1&b=2');
    expect(parseToldAddress('http://10.0.0.1/live', ['rtsp:'])).toBeUndefined();
  });
});
