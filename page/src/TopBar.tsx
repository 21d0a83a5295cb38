import type { PageRun } from '../../src/report/html/page-data.ts';
import { formatDuration } from '../../src/time/duration.ts';
import { Icon } from './Icons.tsx';
import { count, Foreign } from './Text.tsx';
import { useTheme } from './theme.ts';

interface Props {
  readonly run: PageRun;
  readonly listed: boolean;
  readonly onList: () => void;
}

export function TopBar({ run, listed, onList }: Props) {
  const { passed, failed, defects } = run;
  return (
    <header class="top">
      <a class="brand" href="#/">
        <Wordmark />
        <span class="brand-name">mxlab</span> <span class="brand-what">report</span>
      </a>
      <p class="totals">
        {failed + defects > 0 && (
          <span class="total total-failed">
            <Icon name="failed" /> {count(failed + defects, 'failed', 'failed')}
          </span>
        )}
        <span class="total total-passed">
          <Icon name="passed" /> {count(passed, 'passed', 'passed')}
        </span>
        <span class="circumstances">
          {circumstances(run).map((part) => (
            <span key={part}>
              <Foreign text={part} />
            </span>
          ))}
        </span>
      </p>
      <button
        type="button"
        class="quiet list-button"
        aria-expanded={listed}
        aria-controls="finder"
        onClick={onList}
      >
        Scenarios
      </button>
      <ThemeButton />
    </header>
  );
}

function circumstances({ from, seed, target, simulatedMs, madeAt }: PageRun): string[] {
  return [
    ...(from === 'traces' ? ['from traces'] : []),
    ...(target === undefined ? [] : [`against ${target}`]),
    ...(simulatedMs > 0 && target === undefined ? [`${formatDuration(simulatedMs)} simulated`] : []),
    ...(seed === undefined ? [] : [`seed ${seed}`]),
    ...(madeAt === undefined
      ? []
      : [new Date(madeAt).toISOString().slice(0, 16).replace('T', ' ').concat(' UTC')]),
  ];
}

function ThemeButton() {
  const [theme, next] = useTheme();
  const words = { system: 'as the system has them', light: 'light', dark: 'dark' }[theme];
  return (
    <button
      type="button"
      class="quiet theme-button"
      aria-label={`Colours: ${words}. Change`}
      title={`Colours: ${words}`}
      onClick={next}
    >
      <Icon name={theme} />
    </button>
  );
}

function Wordmark() {
  return (
    <svg class="wordmark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path class="lifelines" d="M5 3v18M19 3v18" />
      <path class="there" d="M5 8h12M14 5l3.2 3L14 11" />
      <path class="back" d="M19 16H7M10 13l-3.2 3L10 19" />
    </svg>
  );
}
