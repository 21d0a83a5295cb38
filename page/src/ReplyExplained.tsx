import type { PageExplanation, PageReply } from '../../src/report/html/page-data.ts';
import { aboutWords, conclusionWords, retryWords } from '../../src/report/words.ts';
import { Foreign, Scrollable } from './Text.tsx';

type Explanation = Extract<PageExplanation, { of: 'reply' }>;

const found: Readonly<Record<'name' | 'host' | 'words', string>> = {
  name: 'known from the scenario',
  host: 'known by the name of its host',
  words: 'recognised by its words',
};

/** Everything that is known about a reply. */
export function ReplyExplained({
  reply,
  explanation,
}: {
  readonly reply: PageReply;
  readonly explanation: Explanation;
}) {
  const { reason, about, says, causes, contradictions, notes } = explanation;
  return (
    <>
      <h2 tabIndex={-1} class={`class-${Math.floor(reply.code / 100)}`}>
        <span class="codes">
          <span class="code">{reply.code}</span>
          {reply.enhanced !== '' && <span class="enhanced">{reply.enhanced}</span>}
        </span>{' '}
        <Foreign text={reason} />
      </h2>
      <p class="about">{aboutWords[about]}</p>
      <Scrollable class="raw" label="The reply as it was sent">
        {reply.lines.map((line, i) => (
          <span key={`${i} ${line}`} class="line">
            <Foreign text={line} />
          </span>
        ))}
      </Scrollable>
      <p class="lead">
        <Foreign text={says} />
      </p>
      {[...contradictions, ...reply.oddities.map((oddity) => `It departs from the grammar: ${oddity}.`)].map(
        (sentence) => (
          <p key={sentence} class="but">
            <strong>But</strong> <Foreign text={sentence} />
          </p>
        ),
      )}
      <Facts explanation={explanation} />
      <Advice explanation={explanation} />
      {causes.length > 0 && reply.code >= 400 && (
        <section>
          <h3>Likely causes</h3>
          <ol class="causes">
            {causes.map((cause) => (
              <li key={cause}>
                <Foreign text={cause} />
              </li>
            ))}
          </ol>
        </section>
      )}
      <Codes explanation={explanation} />
      {notes.length > 0 && (
        <section>
          <h3>Worth knowing</h3>
          <ul class="notes">
            {notes.map((note) => (
              <li key={note}>
                <Foreign text={note} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <Grounds explanation={explanation} />
    </>
  );
}

function Facts({ explanation: { retry, retryNote, verifier } }: { readonly explanation: Explanation }) {
  return (
    <dl class="tiles">
      <div class={`tile retry-${retry}`}>
        <dt>Retry</dt>
        <dd>
          {retryWords[retry]}
          {retryNote !== '' && (
            <span class="aside">
              <Foreign text={retryNote} />
            </span>
          )}
        </dd>
      </div>
      <div class={`tile verifier-${verifier}`}>
        <dt>To a validator</dt>
        <dd>{conclusionWords[verifier].replace(/^To a validator: /, '')}</dd>
      </div>
    </dl>
  );
}

function Advice({
  explanation: { advice, adviceForAdmin, adviceForValidator },
}: {
  readonly explanation: Explanation;
}) {
  const whom = [
    ['Sender', advice],
    ['Administrator', adviceForAdmin],
    ['Validator', adviceForValidator],
  ].filter(([, text]) => text !== '');
  if (whom.length === 0) return null;
  return (
    <section>
      <h3>What to do</h3>
      <dl class="advice">
        {whom.map(([who, text]) => (
          <div key={who}>
            <dt>{who}</dt>
            <dd>
              <Foreign text={text ?? ''} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Codes({ explanation: { codes } }: { readonly explanation: Explanation }) {
  if (codes.length === 0) return null;
  return (
    <section>
      <h3>The codes</h3>
      <dl class="meanings">
        {codes.map(({ code, title, says, source }) => (
          <div key={code}>
            <dt>
              <span class="code-name">{code}</span> <Foreign text={title} />
            </dt>
            <dd>
              <Foreign text={says} /> <cite>{source}</cite>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Why it is explained like this. */
function Grounds({
  explanation: { provider, rule, because, confidence },
}: {
  readonly explanation: Explanation;
}) {
  const sure = confidence < 0.5 ? 'a guess' : confidence < 0.8 ? 'likely' : 'sure';
  return (
    <section class="grounds">
      <h3>How we know</h3>
      <dl>
        {provider && (
          <>
            <dt>Provider</dt>
            <dd>
              <Foreign text={provider.title} />, {found[provider.by]}
            </dd>
          </>
        )}
        <dt>Rule</dt>
        <dd>
          <code>
            <Foreign text={rule} />
          </code>
        </dd>
        <dt>Because of</dt>
        <dd>
          <Foreign text={because} />
        </dd>
        <dt>Confidence</dt>
        <dd>
          {confidence.toFixed(2)}, {sure}
        </dd>
      </dl>
    </section>
  );
}
