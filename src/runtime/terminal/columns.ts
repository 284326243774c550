/**
 * Columns that every terminal has at least: the widest line that the course's own commands print is `docker ps` with 207
 * (content/columns.test.ts holds it); beyond that are only sentences, which may wrap.
 */
export const COLUMNS = 220;
