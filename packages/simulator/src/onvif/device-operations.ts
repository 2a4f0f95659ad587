// Operations of the ONVIF device management service (ver10/device/wsdl).
import { escapeXml } from './xml-element.ts';
import { serviceNamespaces } from './soap-message.ts';
import type { OnvifContext } from './onvif-context.ts';
import type { SoapOperation } from './soap-operation.ts';

/** Paths of the services on each device. */
export const servicePaths = { device: '/onvif/device_service', media: '/onvif/media_service', media2: '/onvif/media2_service' } as const;

/** What the device says about itself. */
export const deviceIdentity = { manufacturer: 'Wanglou', model: 'Simulated camera', firmware: '1.10', hardware: '1.0' } as const;

/** Scopes as GetScopes and discovery give them; names are percent-encoded (ONVIF Core Specification clause 7.3.2.2). */
export function deviceScopes(context: OnvifContext): string[] {
  const { facts } = context;
  return [
    'onvif://www.onvif.org/type/video_encoder',
    'onvif://www.onvif.org/Profile/Streaming',
    `onvif://www.onvif.org/name/${encodeURIComponent(facts.name.en)}`,
    `onvif://www.onvif.org/location/${encodeURIComponent(facts.name.zh)}`,
    `onvif://www.onvif.org/hardware/${encodeURIComponent(deviceIdentity.model)}`,
  ];
}

/** By operation name. */
export const deviceOperations: Readonly<Record<string, SoapOperation>> = {
  GetSystemDateAndTime: { beforeLogin: true, answer: getSystemDateAndTime },
  GetServices: { beforeLogin: true, answer: getServices },
  GetCapabilities: { beforeLogin: true, answer: getCapabilities },
  GetServiceCapabilities: { beforeLogin: true, answer: () => '<tds:GetServiceCapabilitiesResponse><tds:Capabilities><tds:Network/><tds:Security HttpDigest="true" UsernameToken="true"/><tds:System DiscoveryBye="false"/></tds:Capabilities></tds:GetServiceCapabilitiesResponse>' },
  GetHostname: { beforeLogin: true, answer: getHostname },
  GetDeviceInformation: { beforeLogin: false, answer: getDeviceInformation },
  GetScopes: { beforeLogin: false, answer: getScopes },
  GetNetworkInterfaces: { beforeLogin: false, answer: getNetworkInterfaces },
};

function getSystemDateAndTime(context: OnvifContext): string {
  const now = new Date(context.now());
  const time = `<tt:Time><tt:Hour>${now.getUTCHours()}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute><tt:Second>${now.getUTCSeconds()}</tt:Second></tt:Time>`;
  const date = `<tt:Date><tt:Year>${now.getUTCFullYear()}</tt:Year><tt:Month>${now.getUTCMonth() + 1}</tt:Month><tt:Day>${now.getUTCDate()}</tt:Day></tt:Date>`;
  return `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>Manual</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>CST-8</tt:TZ></tt:TimeZone><tt:UTCDateTime>${time}${date}</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`;
}

function getDeviceInformation(context: OnvifContext): string {
  const { manufacturer, model, firmware, hardware } = deviceIdentity;
  return `<tds:GetDeviceInformationResponse><tds:Manufacturer>${manufacturer}</tds:Manufacturer><tds:Model>${model}</tds:Model><tds:FirmwareVersion>${firmware}</tds:FirmwareVersion><tds:SerialNumber>${context.facts.serial}</tds:SerialNumber><tds:HardwareId>${hardware}</tds:HardwareId></tds:GetDeviceInformationResponse>`;
}

function getServices(context: OnvifContext): string {
  const services = (['device', 'media', 'media2'] as const).filter((service) => service !== 'media2' || context.facts.media2);
  const list = services.map(
    (service) =>
      `<tds:Service><tds:Namespace>${serviceNamespaces[service]}</tds:Namespace><tds:XAddr>${context.origin()}${servicePaths[service]}</tds:XAddr><tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>`,
  );
  return `<tds:GetServicesResponse>${list.join('')}</tds:GetServicesResponse>`;
}

function getCapabilities(context: OnvifContext): string {
  const device = `<tt:Device><tt:XAddr>${context.origin()}${servicePaths.device}</tt:XAddr></tt:Device>`;
  const media = `<tt:Media><tt:XAddr>${context.origin()}${servicePaths.media}</tt:XAddr><tt:StreamingCapabilities><tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>true</tt:RTP_TCP><tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP></tt:StreamingCapabilities></tt:Media>`;
  return `<tds:GetCapabilitiesResponse><tds:Capabilities>${device}${media}</tds:Capabilities></tds:GetCapabilitiesResponse>`;
}

function getScopes(context: OnvifContext): string {
  const scopes = deviceScopes(context).map((scope) => `<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>${escapeXml(scope)}</tt:ScopeItem></tds:Scopes>`);
  return `<tds:GetScopesResponse>${scopes.join('')}</tds:GetScopesResponse>`;
}

function getHostname(context: OnvifContext): string {
  return `<tds:GetHostnameResponse><tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP><tt:Name>${context.facts.id}</tt:Name></tds:HostnameInformation></tds:GetHostnameResponse>`;
}

function getNetworkInterfaces(context: OnvifContext): string {
  // A locally administered MAC made of the last digits of the serial number.
  const hardware = `02:00:00:00:${context.facts.serial.slice(-4, -2)}:${context.facts.serial.slice(-2)}`;
  const address = `<tt:IPv4><tt:Enabled>true</tt:Enabled><tt:Config><tt:Manual><tt:Address>${new URL(context.origin()).hostname}</tt:Address><tt:PrefixLength>8</tt:PrefixLength></tt:Manual><tt:DHCP>false</tt:DHCP></tt:Config></tt:IPv4>`;
  return `<tds:GetNetworkInterfacesResponse><tds:NetworkInterfaces token="lo"><tt:Enabled>true</tt:Enabled><tt:Info><tt:Name>lo</tt:Name><tt:HwAddress>${hardware}</tt:HwAddress><tt:MTU>65536</tt:MTU></tt:Info>${address}</tds:NetworkInterfaces></tds:GetNetworkInterfacesResponse>`;
}
