// What GetDeviceInformation, GetServices and GetCapabilities tell. Strings stay byte for byte what the device sent.
import { nodeAt, nodesNamed, textAt } from '../soap/xml-node.ts';
import type { XmlNode } from '../soap/xml-node.ts';

/** Who made the device and which one it is. */
export interface DeviceInformation {
  readonly manufacturer?: string;
  readonly model?: string;
  readonly firmware?: string;
  readonly serial?: string;
}

/** Addresses of the services that we use, as told. */
export interface ServiceAddresses {
  readonly media?: string;
  readonly media2?: string;
}

/** Maps a `GetDeviceInformationResponse`. */
export function readDeviceInformation(response: XmlNode): DeviceInformation {
  const manufacturer = textAt(response, 'Manufacturer');
  const model = textAt(response, 'Model');
  const firmware = textAt(response, 'FirmwareVersion');
  const serial = textAt(response, 'SerialNumber');
  return { ...(manufacturer && { manufacturer }), ...(model && { model }), ...(firmware && { firmware }), ...(serial && { serial }) };
}

/** Maps a `GetServicesResponse`. */
export function readServices(response: XmlNode): ServiceAddresses {
  const addressOf = (namespace: RegExp): string | undefined =>
    textAt(nodesNamed(response, 'Service').find((service) => namespace.test(textAt(service, 'Namespace') ?? '')), 'XAddr');
  const media = addressOf(/\/ver10\/media\/wsdl$/i);
  const media2 = addressOf(/\/ver20\/media\/wsdl$/i);
  return { ...(media && { media }), ...(media2 && { media2 }) };
}

/** Maps a `GetCapabilitiesResponse`, which devices before ONVIF 2.0 have instead. It cannot name Media2. */
export function readCapabilities(response: XmlNode): ServiceAddresses {
  const media = textAt(nodeAt(response, 'Capabilities', 'Media'), 'XAddr');
  return media ? { media } : {};
}
