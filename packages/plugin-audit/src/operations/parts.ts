// What the operations and the watches of the log work with.
import type { AuditLog, PluginContext } from '@wanglou/core';
import type { Policy } from '@wanglou/verify';
import type { z } from 'zod';
import type { auditConfig } from '../config.ts';
import type { EntryReader } from '../log/entry-reader.ts';
import type { TransparencyLog } from '../log/transparency-log.ts';
import type { Mirror } from '../mirror/mirror.ts';
import type { Publisher } from '../mirror/publisher.ts';
import type { SearchIndex } from '../search/search-index.ts';

/** The parts of a running log. */
export interface AuditParts {
  readonly ctx: PluginContext;
  readonly config: z.output<typeof auditConfig>;
  readonly log: TransparencyLog;
  readonly reader: EntryReader;
  readonly index: SearchIndex;
  readonly mirror: Mirror;
  readonly publisher: Publisher;
  readonly policy: Policy;
  readonly service: AuditLog;
  /** Takes over what was spooled; answers whether nothing waits any more. */
  drained(): Promise<boolean>;
}
