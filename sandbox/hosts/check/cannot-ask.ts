/** A cluster that cannot be asked at all: nobody answers, or nobody who is an API server for us. The message says what was heard. */

export class CannotAsk extends Error {}
