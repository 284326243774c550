/** The browser's database, which may be refused, hang, be full, or vanish: every failure has a name and none is waited for in vain. */

import { type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb';
import { space } from '../preferences.ts';
import type { Schema } from './records.ts';

const VERSION = 1;
/** A database that has not answered for so long does not answer (milliseconds). */
const OPEN_LIMIT = 2_500;
const WORK_LIMIT = 6_000;

export type StorageFailureKind = 'refused' | 'hanging' | 'full' | 'failed';

export class StorageFailure extends Error {
  readonly kind: StorageFailureKind;

  constructor(kind: StorageFailureKind, cause: unknown) {
    super(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause), { cause });
    this.kind = kind;
  }
}

/** Thrown inside a transaction to give it up: the caller's own reason, passed on as it is. */
export class Abandoned extends Error {}

type Stores = StoreNames<Schema>[];
type Work<T> = (transaction: IDBPTransaction<Schema, Stores, 'readwrite'>) => Promise<T>;

export class Database {
  #opening: Promise<IDBPDatabase<Schema>> | undefined;
  /** Counts the connections that were lost: what was written before may be gone with one. */
  connection = 0;

  /** Throws StorageFailure. */
  read<T>(stores: Stores, work: (transaction: IDBPTransaction<Schema, Stores, 'readonly'>) => Promise<T>): Promise<T> {
    return this.#within(async (database) => {
      const transaction = database.transaction(stores, 'readonly');
      const [result] = await Promise.all([work(transaction), transaction.done]);
      return result;
    });
  }

  /** One transaction, all or nothing. Strict: on the disk when it resolves. Throws StorageFailure, or what `work` gave it up with. */
  write<T>(stores: Stores, strict: boolean, work: Work<T>): Promise<T> {
    return this.#within(async (database) => {
      const transaction = database.transaction(stores, 'readwrite', { durability: strict ? 'strict' : 'relaxed' });
      const done = transaction.done;
      // Whoever gives it up hears of it by `work`.
      done.catch(() => undefined);
      let result: T;
      try {
        result = await work(transaction);
        transaction.commit();
      } catch (error) {
        abort(transaction);
        throw error;
      }
      await done;
      return result;
    });
  }

  async #within<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    try {
      return await limited(WORK_LIMIT, this.#open().then(work));
    } catch (error) {
      // Cleared or closed behind our back: once more, with another connection.
      if (error instanceof DOMException && error.name === 'InvalidStateError') {
        this.connection++;
        this.#opening = undefined;
        return limited(WORK_LIMIT, this.#open().then(work)).catch((again) => {
          throw failure(again);
        });
      }
      throw failure(error);
    }
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    this.#opening ??= limited(OPEN_LIMIT, this.#connect()).catch((error) => {
      this.#opening = undefined;
      throw error instanceof StorageFailure ? error : new StorageFailure('refused', error);
    });
    return this.#opening;
  }

  /** Naming indexedDB may throw already, in a frame of another site. */
  async #connect(): Promise<IDBPDatabase<Schema>> {
    const forget = () => {
      this.connection++;
      this.#opening = undefined;
    };
    return openDB<Schema>(space, VERSION, {
      upgrade(database) {
        database.createObjectStore('sessions', { keyPath: 'id' });
        database.createObjectStore('entries');
        database.createObjectStore('files');
      },
      // Somebody deletes it, or a later version of the site wants it: not held against them.
      blocking: (_, __, event) => {
        (event.target as IDBDatabase).close();
        forget();
      },
      terminated: forget,
    });
  }
}

/** Storage that hangs is not waited for longer than a reader would (milliseconds); its failure is told by the journal. */
const PATIENCE = 1_000;
export const patiently = (work: Promise<void>): Promise<void> =>
  Promise.race([work.catch(() => undefined), new Promise<void>((resolve) => setTimeout(resolve, PATIENCE))]);

function failure(error: unknown): Error {
  if (error instanceof StorageFailure || error instanceof Abandoned) return error;
  return new StorageFailure((error as Error)?.name === 'QuotaExceededError' ? 'full' : 'failed', error);
}

function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // It has ended by itself.
  }
}

function limited<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new StorageFailure('hanging', 'the browser’s database does not answer')), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
