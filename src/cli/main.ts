#!/usr/bin/env node
import { start } from './start.ts';
import { processSurroundings } from './surroundings.ts';

await start(process.argv.slice(2), processSurroundings());
