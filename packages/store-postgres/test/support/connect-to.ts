// A worker's connection, as a worker opens it.
import type { StoreConnection } from '@wanglou/core';
import { connect } from '../../src/connection.ts';
import type { PostgresStore } from '../../src/index.ts';

export const connectTo = (store: PostgresStore, namespace = 'rows'): Promise<StoreConnection> => connect(structuredClone(store.address(namespace).options));
