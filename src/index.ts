/** The public names, and nothing else. */

export { type Random, seededRandom } from './chance/seeded-random.ts';
export { version } from './cli/version.ts';
export type { Issue } from './datafile/issue.ts';
export { renderIssue } from './datafile/render-issue.ts';
export { type Exchanger, type ExchangerSearch, findExchangers } from './dns/exchangers.ts';
export { type NameServer, startNameServer } from './dns/name-server.ts';
export type { Lookup, MxRecord, Resolver } from './dns/resolver.ts';
export { SystemResolver } from './dns/system-resolver.ts';
export { type Zone, zoneSchema } from './dns/zone.ts';
export { ZoneResolver } from './dns/zone-resolver.ts';
export type { Explanation } from './knowledge/explanation.ts';
export { type Knowledge, loadKnowledge } from './knowledge/knowledge.ts';
export { type MxlabMatchers, mxlabMatchers } from './matchers/matchers.ts';
export {
  type Attempt,
  type AttemptOptions,
  type AttemptOutcome,
  attempt,
  type NoHost,
  type RecipientOutcome,
} from './probe/attempt.ts';
export type { Destination, Dial, Environment } from './probe/environment.ts';
export { liveDial, NotLiveError } from './probe/live-dial.ts';
export { type CommandOptions, Session, type SessionOptions } from './probe/session.ts';
export type { Got, Withheld } from './probe/withheld.ts';
export { ListMetrics, type MetricsOptions } from './report/metrics/list-metrics.ts';
export { loadScenarios } from './scenario/load.ts';
export type { Difference, RunListener, RunTotals, ScenarioResult, StepResult } from './scenario/result.ts';
export { type RunOptions, runScenarios } from './scenario/run.ts';
export type { Scenario } from './scenario/scenario.ts';
export type { DialogueEnd, DialogueListener, HostDialogue, ReceivedMessage } from './sim/host-dialogue.ts';
export { Lab, type LabHostOptions, NotInLabError } from './sim/lab.ts';
export { isProfile, ProviderShelf } from './sim/load-profiles.ts';
export type { SavedMemory } from './sim/memory.ts';
export type { FaultPlan, PlannedFault } from './sim/planned-faults.ts';
export { type HostOverrides, type ProviderProfile, profileSchema, type Situation } from './sim/profile.ts';
export { type HostOptions, SimulatedHost } from './sim/simulated-host.ts';
export { type Capabilities, capabilitiesOf } from './smtp/capabilities.ts';
export { type Mailbox, parseMailbox } from './smtp/mailbox.ts';
export { classOf, isPositive, type Reply, replyCodes, replyText } from './smtp/reply.ts';
export { type Stage, stageFacts, stages } from './smtp/stage.ts';
export type { Alarm, Clock } from './time/clock.ts';
export { formatDuration, parseDuration } from './time/duration.ts';
export { ManualClock } from './time/manual-clock.ts';
export { RealClock } from './time/real-clock.ts';
export { ScaledClock } from './time/scaled-clock.ts';
export { VirtualClock } from './time/virtual-clock.ts';
export { type Answer, describeEnding, type Ending, type Outcome, reachOf } from './transcript/ending.ts';
export { printDialogue } from './transcript/notation.ts';
export type { TlsFacts, Transcript, TranscriptEvent } from './transcript/transcript.ts';
export { CacheError } from './verify/cache/cache-header.ts';
export { FileCache, type FileCacheOptions } from './verify/cache/file-cache.ts';
export { MemoryCache } from './verify/cache/memory-cache.ts';
export type { CacheOptions, KeptResult, ResultCache } from './verify/cache/result-cache.ts';
export { type DomainFacts, DomainMemory } from './verify/domain-memory.ts';
export type { Alert } from './verify/list/alerts.ts';
export type { OperatorLimits } from './verify/list/limits.ts';
export type { ListEvent, Observe } from './verify/list/list-event.ts';
export { readEntries } from './verify/list/read-entries.ts';
export { parseThreshold, type Threshold, type ThresholdFault } from './verify/list/threshold.ts';
export { type ListEntry, type ListOptions, type ListResult, verifyList } from './verify/list/verify-list.ts';
export { type Census, takeCensus } from './verify/plan/census.ts';
export { type OperatorPlan, type Plan, planFor } from './verify/plan/plan.ts';
export type { Finding } from './verify/preflight/finding.ts';
export { type BlockList, usualBlockLists } from './verify/preflight/lists.ts';
export { type PreflightOptions, preflight } from './verify/preflight/preflight.ts';
export { checkHost, type SpfFinding, type SpfQuestion } from './verify/spf/check-host.ts';
export type { Verification } from './verify/verification.ts';
export { type VerifyOptions, verifyAddress } from './verify/verify-address.ts';
export type { FaultSource } from './world/decision-schema.ts';
export { type HostFault, type LabHost, type RunningLab, WaitError } from './world/running-lab.ts';
export { type LabStart, type Pace, startLab, WorldError, type WorldLike } from './world/start-lab.ts';
