import { readFileSync } from 'node:fs';

/** The page as Vite builds it from `page/`. `src` and `dist` lie equally deep below the root of the package. */
const built = new URL('../../../dist/page.html', import.meta.url);

/** Where the data goes; the page has it once. */
const place = '<!--data-->';

export interface PageTemplate {
  readonly before: string;
  readonly after: string;
}

/** The page in two parts, the data belong between them. Throws where it has not been built. */
export function readTemplate(): PageTemplate {
  const [before, after, ...more] = readFileSync(built, 'utf8').split(place);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`${built.pathname} has not one place for the data; npm run build makes it anew`);
  return { before, after };
}
