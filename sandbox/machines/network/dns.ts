/** DNS, spoken in objects: questions and records (RFC 1035), and the name servers that one can ask. */

export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'PTR' | 'SRV';

export interface Question {
  /** Fully qualified, without the final dot. */
  readonly name: string;
  readonly type: RecordType;
}

export interface ResourceRecord {
  readonly name: string;
  readonly type: RecordType;
  /** An address, a name, or of SRV `priority weight port target`. */
  readonly data: string;
}

export interface Answer {
  readonly code: 'NOERROR' | 'NXDOMAIN';
  readonly records: readonly ResourceRecord[];
}

export interface NameServer {
  answer(question: Question): Answer;
}

export const NO_SUCH_NAME: Answer = { code: 'NXDOMAIN', records: [] };

/** `10.96.0.10` is asked for as `10.0.96.10.in-addr.arpa`. */
export const reverseName = (address: string): string => `${address.split('.').reverse().join('.')}.in-addr.arpa`;

export function addressOfReverseName(name: string): string | undefined {
  const [, reversed] = /^((?:\d{1,3}\.){4})in-addr\.arpa$/.exec(name) ?? [];
  return reversed?.slice(0, -1).split('.').reverse().join('.');
}
