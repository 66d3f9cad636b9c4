import {
  acknowledgement,
  type EventData,
  type HiddenMessage,
  type ListedMessage,
  type Message,
  type CommandName,
  commands,
  type EventName,
  events,
  legacyServerFrames,
  type LegacyFrameType,
} from '../../src/contracts/index.js';

/** An event's data as most tests look at it: nobody blocks anybody, so no message is hidden. */
export type SeenData<E extends EventName> =
  EventData<E> extends { message: ListedMessage }
    ? Omit<EventData<E>, 'message'> & { message: Message & Partial<Pick<HiddenMessage, 'hidden'>> }
    : EventData<E>;

/** What a client received, compared with the contract; a sentence for every difference. */
export function faultsOfEvent(event: string, data: unknown): string[] {
  const contract = Object.hasOwn(events, event) ? events[event as EventName] : undefined;
  if (!contract) return [`an event of no contract: ${event}`];
  return faults(`event ${event}`, contract.data.safeParse(data));
}

export function faultsOfAcknowledgement(command: string, reply: unknown): string[] {
  const parsed = acknowledgement.safeParse(reply);
  if (!parsed.success) return faults(`acknowledgement of ${command}`, parsed);
  if (!parsed.data.ok || !Object.hasOwn(commands, command)) return [];
  return faults(`reply of ${command}`, commands[command as CommandName].reply.safeParse(parsed.data.data));
}

export function faultsOfLegacyFrame(frame: { type?: unknown }): string[] {
  const type = String(frame.type);
  const contract = Object.hasOwn(legacyServerFrames, type) ? legacyServerFrames[type as LegacyFrameType] : undefined;
  if (!contract) return [`an old frame of no contract: ${type}`];
  return faults(`old frame ${type}`, contract.safeParse(frame));
}

function faults(what: string, result: { success: boolean; error?: { message: string } }): string[] {
  return result.success ? [] : [`${what}: ${result.error?.message ?? 'differs'}`];
}
