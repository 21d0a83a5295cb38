import { escapeControls } from '../../text/escape.ts';
import { formatDuration } from '../../time/duration.ts';
import type { Count } from '../../verify/plan/census.ts';
import type { OperatorPlan, Plan } from '../../verify/plan/plan.ts';
import type { Palette } from '../palette.ts';
import { renderTable } from '../table.ts';
import { wrap } from '../width.ts';

interface PlanOptions {
  readonly palette: Palette;
  readonly columns: number;
  /** What a greylist adds at the least, and how long who is put off is asked again, in ms. */
  readonly greylist: number;
  readonly wait: number;
}

/** Operators that are shown; the rest is summed up. */
const mostShown = 10;

/** A plan as a person reads it: what is in the list, who is asked how much, and what it costs at the least. */
export function renderPlan(name: string, plan: Plan, options: PlanOptions): string[] {
  const { palette, columns } = options;
  const text = (line: string): string[] => wrap(line, columns - 2).map((one) => `  ${one}`);
  return [
    palette.strong(`Plan for ${escapeControls(name)}`),
    ...text(`${contents(plan)}.`),
    ...(plan.operators.length > 0
      ? ['', ...operatorTable(plan, options).map((line) => `  ${line}`), '']
      : []),
    ...text(limitsOf(plan)),
    ...text(costOf(plan)),
    ...text(timeOf(plan, options)),
  ];
}

const grouped = (value: number): string => value.toLocaleString('en-US');
const about = (value: number, exact: boolean): string => `${exact ? '' : 'about '}${grouped(value)}`;
const counted = ({ value, exact }: Count): string => about(value, exact);
const many = (value: number, one: string, several: string): string => (value === 1 ? one : several);

function contents({ entries, faults, repeated, domains, lookedUp }: Plan): string {
  const parts = [`${grouped(entries)} ${many(entries, 'entry', 'entries')}`];
  if (faults > 0) parts.push(`${grouped(faults)} ${many(faults, 'is no address', 'are no addresses')}`);
  if (repeated.value > 0)
    parts.push(`${counted(repeated)} ${many(repeated.value, 'stands', 'stand')} there more than once`);
  parts.push(`${counted(domains)} ${many(domains.value, 'domain', 'domains')}`);
  if (!lookedUp) return `${parts.join(', ')}; nobody was asked for their mail hosts`;
  const { withoutHost, unknown } = lookedUp;
  if (withoutHost.domains.value > 0)
    parts.push(
      `${counted(withoutHost.domains)} of them without a mail host (${counted(withoutHost.addresses)} ${many(withoutHost.addresses.value, 'address', 'addresses')})`,
    );
  if (unknown.value > 0) parts.push(`${counted(unknown)} of which the name system said nothing`);
  if (!domains.exact) parts.push(`judged by ${grouped(lookedUp.domains)} of them`);
  return parts.join(', ');
}

function operatorTable({ operators, exact, lookedUp }: Plan, { palette, columns }: PlanOptions): string[] {
  const shown = operators.slice(0, operators.length > mostShown + 1 ? mostShown : mostShown + 1);
  const rest = operators.slice(shown.length);
  const row = (operator: Omit<OperatorPlan, 'domain'>): readonly string[] => [
    escapeControls(operator.name),
    about(operator.addresses, exact),
    grouped(operator.domains),
    grouped(operator.connections),
    grouped(operator.transactions),
    formatDuration(operator.leastTime),
  ];
  const rows = shown.map(row);
  if (rest.length > 0)
    rows.push(
      row(
        rest.reduce<Omit<OperatorPlan, 'domain'>>(both, {
          ...none,
          name: `${grouped(rest.length)} more, together`,
        }),
      ),
    );
  const heads = [
    lookedUp ? 'operator' : 'domain',
    'addresses',
    'domains',
    'connections',
    'transactions',
    'least time',
  ];
  return renderTable(heads, rows, { palette, columns: columns - 2, flexible: 0 });
}

const none = { domains: 0, addresses: 0, controls: 0, connections: 0, transactions: 0, leastTime: 0 };

function both(a: Omit<OperatorPlan, 'domain'>, b: OperatorPlan): Omit<OperatorPlan, 'domain'> {
  return {
    name: a.name,
    domains: a.domains + b.domains,
    addresses: a.addresses + b.addresses,
    controls: a.controls + b.controls,
    connections: a.connections + b.connections,
    transactions: a.transactions + b.transactions,
    leastTime: Math.max(a.leastTime, b.leastTime),
  };
}

function limitsOf({ limits: { parallel, perSecond, perConnection, perTransaction } }: Plan): string {
  return `Limits for each operator: ${parallel} ${many(parallel, 'connection', 'connections')} at a time, ${perSecond} ${many(perSecond, 'recipient', 'recipients')} a second, ${perConnection} in a connection, ${perTransaction} in a transaction.`;
}

function costOf({ totals, exact }: Plan): string {
  const { addresses, controls, connections, transactions, dnsQuestions } = totals;
  const recipients = addresses + controls;
  const parts = [
    `${about(recipients, exact)} ${many(recipients, 'recipient', 'recipients')} (${grouped(controls)} of them cannot exist: a control for each domain)`,
    `${grouped(transactions)} ${many(transactions, 'transaction', 'transactions')}`,
    `${grouped(connections)} ${many(connections, 'connection', 'connections')}`,
    `${grouped(dnsQuestions)} DNS ${many(dnsQuestions, 'question', 'questions')}`,
  ];
  return `Cost: at least ${parts.join(', ')}.`;
}

/** Who decides the time: all that take nearly as long as the slowest. */
function timeOf({ totals, operators }: Plan, { greylist, wait }: PlanOptions): string {
  if (operators.length === 0) return 'Nobody is to be asked.';
  const slowest = operators.filter(({ leastTime }) => leastTime >= totals.leastTime * 0.9);
  const names = slowest.slice(0, 3).map(({ name }) => escapeControls(name));
  const others = slowest.length > names.length ? ` and ${grouped(slowest.length - names.length)} others` : '';
  const decided =
    operators.length > 1
      ? `, which ${names.join(', ')}${others} ${slowest.length === 1 ? 'decides' : 'decide'}`
      : '';
  const later =
    wait > 0
      ? `where a host puts us off, ${formatDuration(greylist)} more, and ${formatDuration(wait)} at the most (--wait)`
      : 'who is put off is not asked again (--wait 0)';
  const least =
    totals.leastTime > 0
      ? `at least ${formatDuration(totals.leastTime)}${decided}`
      : 'no wait for the limits';
  return `Time: ${least}; ${later}.`;
}
