// How the services describe their operations.
import type { OnvifContext } from './onvif-context.ts';
import type { XmlElement } from './xml-element.ts';

/** One operation: the XML of its answer. */
export interface SoapOperation {
  /** Access class PRE_AUTH (ONVIF Core Specification clause 5.9.4.3): answered without a login. */
  readonly beforeLogin: boolean;
  /** Gives the Body's content or throws a `SoapFault`. */
  answer(context: OnvifContext, parameters: XmlElement): string;
}
