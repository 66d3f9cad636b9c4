/** In ms. Injected, because tests cannot wait. */
export interface TransportTimes {
  /** How long a chat socket waits for further messages before it asks for a receipt. */
  receipt: number;
  /** How long receipts are gathered before they are written. */
  receiptWrite: number;
}

export const TRANSPORT_TIMES = Symbol('TransportTimes');
export const usualTimes: TransportTimes = { receipt: 50, receiptWrite: 250 };
