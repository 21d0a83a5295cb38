import type { PageDifference } from '../../src/report/html/page-data.ts';
import { alignLines } from '../../src/report/terminal/align-lines.ts';
import { Icon } from './Icons.tsx';
import { Foreign, Unseen } from './Text.tsx';

/** Where the real host gave another answer than the simulated one, line by line. */
export function Differences({ differences }: { readonly differences: readonly PageDifference[] }) {
  return (
    <section class="differences" aria-labelledby="differences">
      <h2 id="differences">Where the real host differs</h2>
      {differences.map((difference) => (
        <Difference key={difference.step} difference={difference} />
      ))}
    </section>
  );
}

function Difference({
  difference: { title, matters, how, simulated, real },
}: {
  readonly difference: PageDifference;
}) {
  return (
    <details class={`difference${matters ? ' matters' : ''}`} open={matters}>
      <summary>
        <Icon name="differs" /> <Foreign text={title} />
        <span class="how">{how}</span>
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Simulated</th>
            <th scope="col">Real</th>
          </tr>
        </thead>
        <tbody>
          {alignLines(simulated, real).map(([left, right], i) => (
            <tr key={`${i} ${left}`} class={left === right ? 'same' : 'other'}>
              <td>
                <Line text={left} changed={left !== right} />
              </td>
              <td>
                <Line text={right} changed={left !== right} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Line({ text, changed }: { readonly text: string | undefined; readonly changed: boolean }) {
  if (text === undefined) return <Unseen>nothing</Unseen>;
  if (!changed) return <Foreign text={text} />;
  return (
    <mark>
      <Foreign text={text} />
    </mark>
  );
}
