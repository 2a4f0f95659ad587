// One object of an application data unit, decoded.

/**
 * One object (信息对象). Which fields there are is said by the type of the message; see `unitTypes`. To encode, only the fields that are on the
 * wire are needed: those marked *derived* are not read.
 */
export interface UnitObject {
  /** Code of `systemTypes`. */
  readonly systemType?: number;
  /** 0 to 255, as the installation numbers its systems. */
  readonly systemAddress?: number;
  /** Code of `componentTypes`; some devices send 0, and requests carry none. */
  readonly componentType?: number;
  /** 32 bits. */
  readonly componentAddress?: number;
  /** Derived: bytes 0 and 1 of the component address. */
  readonly addressLow16?: number;
  /** Derived: bytes 2 and 3 of the component address. */
  readonly addressHigh16?: number;
  /** Derived: 位号, the half of the component address that the profile says. */
  readonly point?: number;
  /** Derived: 区号 or 回路, the other half. */
  readonly zone?: number;
  /** State of a system or component, 16 bits. */
  readonly statusWord?: number;
  /** State of the transmission device, 8 bits. */
  readonly statusByte?: number;
  /** Derived: names of the state bits that are set, without bit 0. A level and not an event: what is over is sent again without its bit. */
  readonly flagsSet?: readonly string[];
  /** Derived: bit 0, where the profile gives it a meaning. A label: it must never suppress or downgrade anything. */
  readonly bit0Label?: 'normal' | 'test';
  /** Operations, 8 bits. */
  readonly operationByte?: number;
  /** Derived: names of the operation bits that are set. */
  readonly operationsSet?: readonly string[];
  /** 0 to 255, as the installation numbers its people. */
  readonly operatorId?: number;
  /** Code of `analogTypes`. */
  readonly analogType?: number;
  /** Analogue value on the wire, -32768 to 32767. */
  readonly raw?: number;
  /** Derived: the analogue value in `unit`; `null` where the quantity is unknown. */
  readonly value?: number | null;
  /** Derived. */
  readonly unit?: string | null;
  /** Where a component is: at most 31 bytes in GB 18030. */
  readonly description?: string;
  /** The bytes of the description as received, old ones behind the first NUL too. Encoded again while they still say `description`. */
  readonly descriptionHex?: string;
  /** Bytes of the text on the wire. When encoding, a shorter text is padded with NUL to this; without it nothing is padded. */
  readonly length?: number;
  /** Configuration in words: at most 255 bytes in GB 18030. */
  readonly text?: string;
  /** The bytes of the text as received; like `descriptionHex`. */
  readonly textHex?: string;
  /** Version of the software. */
  readonly major?: number;
  readonly minor?: number;
  /** Number of records that are asked for; by the standard at most 102. */
  readonly records?: number;
  /** Minutes in which a duty check is to be answered. */
  readonly answerTimeoutMinutes?: number;
  /** A byte that the standard keeps at 0. */
  readonly reserved?: number;
  /** When it happened, as `YYYY-MM-DDThh:mm:ss` by the device's clock, without a zone; `null` where the bytes are no moment. */
  readonly at?: string | null;
  /** The six bytes, where `at` is `null`. */
  readonly atHex?: string;
  /** The time that the centre sets. */
  readonly time?: string | null;
  readonly timeHex?: string;
  /** From when on records are asked for. */
  readonly since?: string | null;
  readonly sinceHex?: string;
  /** An object whose layout is not public, as it is. */
  readonly rawHex?: string;
}

/** An object while it is read. */
export type ObjectDraft = { -readonly [Key in keyof UnitObject]: UnitObject[Key] };
