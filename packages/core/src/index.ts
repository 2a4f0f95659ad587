/**
 * The kernel of Wanglou: plugins, services, operations through one gate, the policy engine, and the contracts.
 *
 * @packageDocumentation
 */
export { checkCampus, createCampus, defineCampus, type Campus, type CampusConfig } from './campus.ts';
export { campusService, readCampus, type CampusFacts, type CampusReader } from './contracts/campus.ts';
export { canonicalJson, sha256OfJson } from './canonical-json.ts';
export { CodedError, DeniedError, isCodedError, KernelError, kernelErrorTable, type ErrorEntry, type KernelErrorCode } from './errors.ts';
export { Kernel, type Inventory, type KernelOptions, type PluginReport } from './kernel/kernel.ts';
export type { Lease, LeaseEnd, LeaseOptions, Leases, MediaRequest, MediaResponse } from './kernel/leases.ts';
export type { PluginState } from './kernel/lifecycle.ts';
export { definePlugin, pluginApiVersion, type Call, type CallAs, type HandledOperation, type Handler, type Needs, type Plugin, type PluginContext, type PluginOptions, type PluginUse, type PolicyView, type Resolved } from './plugin.ts';
export { createPolicyEngine, failedPackTests, type Explanation, type PolicyEngine } from './policy/engine.ts';
export type { FactTest, Operator } from './policy/condition.ts';
export type { ConditionTrace, RuleTrace } from './policy/explain.ts';
export { kernelFacts, leaseEndFact } from './policy/catalogue.ts';
export type { Condition, EmergencySwitch, PackTest, PolicyPack, Property, Retention, RetentionGroup, RetentionTerm, Role, Rule, Test, Unit } from './policy/pack.ts';
export { termOf } from './policy/retention.ts';
export { defineEvent, defineExtensionPoint, defineOperation, defineService, type EventRef, type ExtensionPoint, type Operation, type OperationOptions, type Ref, type RefValue, type ServiceRef } from './refs.ts';
export { Scope, type Disposer } from './scope.ts';
export { Secret } from './secret.ts';
export { createSignal, type Signal, type WritableSignal } from './signal.ts';
export { fillText, isText, type Language, type Text } from './text.ts';
export {
  acknowledgeAlarm, alarmChanged, alarmMeasures, alarmPriorities, alarmRaised, alarmRestored, alarmVerdicts, closeAlarm, confirmClosing, falseAlarmCauses, handleAlarm, judgeAlarm, keepAlarmOpen, listAlarms, noteAlarm, readAlarmFigures, showAlarm,
  verificationMeans, verifyAlarm,
  type Alarm, type AlarmEscalation, type AlarmFigures, type AlarmMeasure, type AlarmPriority, type AlarmState, type AlarmStep, type AlarmStepKind, type AlarmVerdict, type FalseAlarmCause, type VerificationMeans,
} from './contracts/alarm.ts';
export { auditListeners, auditService, type AuditEntry, type AuditLog, type AuditQuery, type AuditRecord, type Checkpoint, type Receipt, type Verification } from './contracts/audit.ts';
export * from './contracts/camera.ts';
export { createId, systemClock, systemRandom, type Clock, type Random } from './contracts/clock.ts';
export { silentLogger, type Logger } from './contracts/logger.ts';
export * from './contracts/permission.ts';
export * from './contracts/recording.ts';
export * from './contracts/recording-archive.ts';
export * from './contracts/recording-export.ts';
export * from './contracts/recording-health.ts';
export * from './contracts/recording-hold.ts';
export * from './contracts/recording-retention.ts';
export * from './contracts/recording-storage.ts';
export { objectSchema, type ObjectOf, type PropertyRule } from './contracts/schema.ts';
export { servedLeaseSources, type ServedLease, type ServedLeaseSource } from './contracts/served.ts';
export { storeService, type Connect, type Migration, type Store, type StoreAddress, type StoreConnection, type StoreValue, type StoreWrite } from './contracts/store.ts';
