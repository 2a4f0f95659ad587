#!/usr/bin/env node
import { main } from '@wanglou/cli';

process.exitCode = await main(process.argv.slice(2));
