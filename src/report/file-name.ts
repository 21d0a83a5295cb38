import { isAbsolute, relative } from 'node:path';
import { escapeControls } from '../text/escape.ts';

/** A file's name as shown: relative to the folder where it lies below it, and with forward slashes. */
export function shownFile(file: string, directory: string | undefined): string {
  const near = directory === undefined ? file : relative(directory, file);
  const below = near !== '' && !near.startsWith('..') && !isAbsolute(near);
  return escapeControls((below ? near : file).replaceAll('\\', '/'));
}
