#!/usr/bin/env node
import { main } from '@wanglou/verify';

process.exitCode = await main(process.argv.slice(2));
