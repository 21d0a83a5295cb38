import { conclusionWords, retryWords } from '../../src/report/words.ts';
import { explanationOf } from './data.ts';

/** On paper nobody can click: what matters stands below the reply. */
export function Print({ number }: { readonly number: number }) {
  const explanation = explanationOf(number);
  if (!explanation) return null;
  const { says, advice, verifier } = explanation;
  const retry = explanation.of === 'reply' ? `${retryWords[explanation.retry]}. ` : '';
  return (
    <p class="on-paper">
      {says} {advice} {retry}
      {conclusionWords[verifier]}.
    </p>
  );
}
