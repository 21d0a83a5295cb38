import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

/**
 * Puts script and style into the page itself, each allowed by its hash and nothing else allowed at all, and names the
 * page `name`. The script stands at the end, behind the data that it reads.
 */
export function singleFile(name: string): Plugin {
  return {
    name: 'single-file',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = Object.values(bundle);
      const page = files.find((file) => file.fileName.endsWith('.html'));
      if (page?.type !== 'asset') throw new Error('there is no page');
      const script = files.flatMap((file) => (file.type === 'chunk' ? [file.code] : [])).join('\n');
      const style = files
        .flatMap((file) =>
          file.type === 'asset' && file.fileName.endsWith('.css') ? [String(file.source)] : [],
        )
        .join('\n');
      if (/<\/(?:script|style)/i.test(script + style))
        throw new Error('script or style would end its own element');
      for (const { fileName } of files) delete bundle[fileName];
      const html = String(page.source)
        .replace(/\s*<script type="module"[^>]*><\/script>/, '')
        .replace(/\s*<link rel="stylesheet"[^>]*>/, '')
        .replace('<!--policy-->', () => policy(script, style))
        .replace('<!--style-->', () => `<style>${style}</style>`)
        .replace('<!--script-->', () => `<script type="module">${script}</script>`);
      this.emitFile({ type: 'asset', fileName: name, source: html });
    },
  };
}

/** Content Security Policy 3: nothing is fetched, nothing is sent, and no other script or style counts. */
function policy(script: string, style: string): string {
  const rules = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return `<meta http-equiv="Content-Security-Policy" content="${rules.join('; ')}">`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
