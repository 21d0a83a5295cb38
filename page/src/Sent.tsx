import type { PageRow } from '../../src/report/html/page-data.ts';
import { Icon } from './Icons.tsx';
import { Foreign, Unseen } from './Text.tsx';
import { Wire } from './Wire.tsx';

/** What the client sends: a command, several at once, or a message that opens. */
export function Sent({ row }: { readonly row: Extract<PageRow, { kind: 'sent' }> }) {
  const { what, lines, bytes, unshown } = row;
  const size = `${bytes.toLocaleString('en')} bytes`;
  const [first = '', ...rest] = lines;
  const letter = (words: string, inside: readonly string[]) => (
    <details class="letter">
      <summary>
        <Icon name="message" /> {words}
      </summary>
      <Lines lines={inside} unshown={unshown} />
    </details>
  );
  return (
    <>
      <div class="say">
        <Unseen>Client: </Unseen>
        {what === 'group' && <span class="group-label">{lines.length} lines in one go, without waiting</span>}
        {what === 'message' ? (
          letter(`the message, ${size}`, lines)
        ) : (
          <Lines lines={what === 'chunk' ? [first] : lines} unshown={what === 'chunk' ? 0 : unshown} />
        )}
        {what === 'chunk' && letter(`a chunk, ${size} with its command`, rest)}
      </div>
      <Wire to="host" />
    </>
  );
}

export function Lines({ lines, unshown }: { readonly lines: readonly string[]; readonly unshown: number }) {
  return (
    <span class="lines">
      {lines.map((line, i) => (
        <span key={`${i} ${line}`} class="line">
          <Foreign text={line} />
        </span>
      ))}
      {unshown > 0 && <span class="unshown">and {unshown.toLocaleString('en')} bytes more</span>}
    </span>
  );
}
