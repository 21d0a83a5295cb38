import type { PageExplanation, PageRow } from '../../src/report/html/page-data.ts';
import { conclusionWords, sideWords } from '../../src/report/words.ts';
import { Foreign } from './Text.tsx';

type Explanation = Extract<PageExplanation, { of: 'ending' }>;

/** Why a connection ended, the likeliest first. */
export function EndingExplained({
  row,
  explanation,
}: {
  readonly row: PageRow | undefined;
  readonly explanation: Explanation;
}) {
  const { summary, says, causes, verifier, id } = explanation;
  const certificate = row && 'certificate' in row ? row.certificate : undefined;
  return (
    <>
      <h2 tabIndex={-1} class="class-5">
        <Foreign text={row?.kind === 'secured' ? row.text : `The host ${summary}`} />
      </h2>
      <p class="lead">
        <Foreign text={says} />
      </p>
      {certificate !== undefined && (
        <p class="certificate">
          <Foreign text={certificate} />
        </p>
      )}
      <section>
        <h3>Candidate causes, the likeliest first</h3>
        <ol class="candidates">
          {causes.map(({ side, cause, evidence, advice, experiment }) => (
            <li key={`${side} ${cause}`}>
              <p class={`whose whose-${side}`}>{sideWords[side]}</p>
              <p class="cause">
                <Foreign text={cause} />
              </p>
              {evidence.map((fact) => (
                <p key={fact} class="evidence">
                  <Foreign text={fact} />
                </p>
              ))}
              <p class="do">
                <strong>Do</strong> <Foreign text={advice} />
              </p>
              {experiment !== undefined && (
                <p class="experiment">
                  <strong>Try</strong>{' '}
                  <code>
                    <Foreign text={experiment.command} />
                  </code>{' '}
                  <Foreign text={experiment.tells} />
                </p>
              )}
            </li>
          ))}
        </ol>
      </section>
      <dl class="tiles">
        <div class={`tile verifier-${verifier}`}>
          <dt>To a validator</dt>
          <dd>{conclusionWords[verifier].replace(/^To a validator: /, '')}</dd>
        </div>
      </dl>
      <section class="grounds">
        <h3>How we know</h3>
        <dl>
          <dt>Entry</dt>
          <dd>
            <code>
              <Foreign text={id} />
            </code>
          </dd>
        </dl>
      </section>
    </>
  );
}
