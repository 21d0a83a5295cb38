import type { PageReply } from '../../src/report/html/page-data.ts';
import { Foreign } from './Text.tsx';

/** More lines of a reply are left to the explanation. */
const most = 12;

/** A reply as the diagram shows it: codes as a badge, then the words. As it stood on the wire it is in the explanation. */
export function ReplyWords({ reply }: { readonly reply: PageReply }) {
  const { code, enhanced, lines, reason, stage, unsolicited } = reply;
  const words = lines.map((line) => withoutCodes(line, code, enhanced));
  const list = stage === 'ehlo' && code === 250 && words.length > 1;
  const [first = '', ...rest] = words;
  return (
    <>
      <span class="codes">
        <span class="code">{code}</span>
        {enhanced !== '' && <span class="enhanced">{enhanced}</span>}
      </span>
      <span class="words">
        {list ? (
          <>
            <Foreign text={first} />
            <span class="capabilities">
              {rest.map((word, i) => (
                <span key={`${i} ${word}`} class="capability">
                  <Foreign text={word} />
                </span>
              ))}
            </span>
          </>
        ) : (
          words.slice(0, most).map((line, i) => (
            <span key={`${i} ${line}`} class="line">
              <Foreign text={line} />
            </span>
          ))
        )}
        {!list && words.length > most && <span class="unshown">and {words.length - most} lines more</span>}
        {unsolicited && <span class="unasked">nobody had asked</span>}
      </span>
      {code >= 400 && <span class="reason">{reason}</span>}
    </>
  );
}

/** The line without the codes of the badge; a line with other codes keeps them. */
function withoutCodes(line: string, code: number, enhanced: string): string {
  if (!line.startsWith(String(code))) return line;
  const text = line.slice(4);
  return enhanced !== '' && text.startsWith(enhanced) ? text.slice(enhanced.length).trimStart() : text;
}
